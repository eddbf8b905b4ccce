//! The patterns an envelope is written in.

mod error;
mod host;
mod in_variables;
mod name;
mod network;
mod path;
mod variable;
mod wildcard;

pub use error::PatternError;
pub use host::Host;
pub use name::NamePattern;
pub use network::{NetworkPattern, Request, Scheme};
pub use path::PathPattern;
pub use variable::{Bindings, Variable};
