//! What a source would have to say for a comparison to come out the other way.

mod bytes;
mod linear;
mod view;

pub(crate) use bytes::{Lanes, TURN};
pub(crate) use linear::{Step, solve};
pub(crate) use view::{View, lines, words};
