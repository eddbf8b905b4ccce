//! What the code of a component could do: which calls can reach an effect, and what was never called.

mod code;
mod shape;

pub use code::Code;
pub(crate) use shape::Shape;
