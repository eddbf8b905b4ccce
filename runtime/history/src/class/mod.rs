//! The classes of invariants that a log can be judged by, a file each.

pub(crate) mod count;
pub(crate) mod effects;
pub(crate) mod envelope;
pub(crate) mod environment;
pub(crate) mod output;
pub(crate) mod resources;
mod same_input;
pub(crate) mod versions;
