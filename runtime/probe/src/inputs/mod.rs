//! The inputs that a run observed, by source.

mod change;
mod observed;
mod of;
mod source;
mod statuses;

pub use change::changes;
pub use observed::ObservedInputs;
pub use of::{INPUT_BYTES_MAX, InitialState, input_bytes_max};
pub(crate) use source::fingerprint;
pub use source::{Assignment, Source, Value};
