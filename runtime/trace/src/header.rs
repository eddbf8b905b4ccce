//! The header of a trace, before its first event: all inputs of the run.

mod codec;
mod first;
mod types;

pub use types::{Entry, Format, Header, LabOrigin, LiveOrigin, Origin};
