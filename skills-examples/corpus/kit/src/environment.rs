//! Variables and arguments.

use alloc::{string::String, vec::Vec};

use crate::bindings::wasi::cli::{environment, exit};

/// A variable.
pub fn var(name: &str) -> Option<String> {
    environment::get_environment().into_iter().find(|(own, _)| own == name).map(|(_, value)| value)
}

/// Whether a variable has that value.
pub fn var_is(name: &str, value: &str) -> bool {
    var(name).is_some_and(|own| own == value)
}

/// The arguments.
pub fn args() -> Vec<String> {
    environment::get_arguments()
}

/// Ends the run as failed.
pub fn fail() -> ! {
    exit::exit(Err(()));
    unreachable!()
}
