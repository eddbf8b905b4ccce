//! What the code of a component could do: which calls can reach an effect, and what was never called.

mod code;
mod effects;
mod executed;
mod frontier;
mod shape;
mod texts;

pub use code::Code;
pub use executed::{Directions, SiteCoverage};
pub use frontier::{DormantCall, Guard};
pub(crate) use shape::Shape;
