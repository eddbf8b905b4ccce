//! Solves for the value of a source that flips a branch.

mod bytes;
mod curve;
mod linear;
mod view;

pub(crate) use bytes::{FLIP_MASK, Lanes};
pub(crate) use curve::Curve;
pub(crate) use linear::{Step, solve};
pub(crate) use view::{View, lines, words};
