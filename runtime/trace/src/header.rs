//! The header of a trace, before its first event: all inputs of the run.

mod codec;
mod first;
mod shared;
mod types;

pub use types::{Entry, Format, Header, LabOrigin, LiveOrigin, Origin};
