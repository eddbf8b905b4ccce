//! The functions of the membrane: their numbers, names and types.

mod capability;
mod id;
mod signature;
mod table;

use std::fmt;

pub use capability::Capability;
pub use id::FunctionId;
use signature::entry;
pub use signature::{Function, Type};
pub use table::*;

impl FunctionId {
    /// The function, if this version knows it.
    #[must_use]
    pub fn get(self) -> Option<&'static Function> {
        FUNCTIONS.get(usize::from(self.0.checked_sub(1)?))
    }
}

impl fmt::Display for FunctionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.get() {
            Some(function) => write!(f, "{function}"),
            None if *self == Self::END => f.write_str("end"),
            None => write!(f, "function {}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FunctionId, monotonic_clock};

    #[test]
    fn a_constant_is_the_function_of_its_name() {
        assert_eq!(monotonic_clock::NOW.to_string(), "clocks/monotonic-clock now");
        assert_eq!(super::filesystem::DESCRIPTOR_DROP.to_string(), "filesystem/types descriptor.drop");
        assert_eq!(FunctionId::END.to_string(), "end");
        assert_eq!(FunctionId(9999).to_string(), "function 9999");
    }
}
