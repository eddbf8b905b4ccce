//! Environment: the environment changes nothing that it should not.
//!
//! One thing at a time is changed, and the run is compared with its control run, in which nothing is.

mod conditions;
mod control;
mod flip;
mod machine;
mod search;
mod section;
mod severity;
mod solved;
mod sweep;
mod words;

pub(crate) use conditions::ConditionTests;
pub(crate) use control::bases;
pub(crate) use search::search;
pub(crate) use section::{section, triggers};
