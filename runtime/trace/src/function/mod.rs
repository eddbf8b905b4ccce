//! The functions of the membrane: their numbers, names and types.

mod table;

use std::fmt;

use minicbor::{Decode, Encode};
pub use table::*;

/// Number of a host function, the same in every trace of every version. 0 is the end of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct FunctionId(#[n(0)] pub u16);

/// A host function as the WIT declares it.
#[derive(Debug)]
pub struct Function {
    /// Such as `wasi:clocks/wall-clock`, without the version.
    pub interface: &'static str,
    /// Such as `now` or `[method]descriptor.read`.
    pub name: &'static str,
    /// Names and types of the parameters.
    pub params: &'static [(&'static str, Type)],
    /// Type of the answer.
    pub answer: Option<Type>,
}

/// One row of the table.
const fn entry(
    interface: &'static str,
    name: &'static str,
    params: &'static [(&'static str, Type)],
    answer: Option<Type>,
) -> Function {
    Function { interface, name, params, answer }
}

/// A WIT type, as far as values in a trace need it.
#[derive(Debug, Clone, Copy)]
pub enum Type {
    /// `bool`
    Bool,
    /// `u8` to `u64`
    Unsigned,
    /// `s8` to `s64`
    Signed,
    /// `string`
    Text,
    /// `list<u8>`
    Bytes,
    /// Any other list.
    List(&'static Type),
    /// An option.
    Option(&'static Type),
    /// A result.
    Result(Option<&'static Type>, Option<&'static Type>),
    /// A tuple.
    Tuple(&'static [Type]),
    /// A record: names and types.
    Record(&'static [(&'static str, Type)]),
    /// A variant: names and what they hold.
    Variant(&'static [(&'static str, Option<&'static Type>)]),
    /// An enum.
    Enum(&'static [&'static str]),
    /// Flags.
    Flags(&'static [&'static str]),
    /// An owned or borrowed handle of the named resource.
    Handle(&'static str),
}

/// What a host function is about: the words of `--only`, and of the envelope where it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Capability {
    /// Files and directories.
    Files,
    /// Names, addresses and connections.
    Network,
    /// Variables and arguments.
    Env,
    /// Clocks and sleeps.
    Clock,
    /// Random bytes.
    Random,
    /// Standard streams and terminals.
    Stdio,
    /// Everything without a world behind it: polling, handles, exit.
    Process,
}

impl Capability {
    /// All of them, with their names.
    pub const NAMES: [(Self, &'static str); 7] = [
        (Self::Files, "files"),
        (Self::Network, "network"),
        (Self::Env, "env"),
        (Self::Clock, "clock"),
        (Self::Random, "random"),
        (Self::Stdio, "stdio"),
        (Self::Process, "process"),
    ];

    /// The name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(capability, _)| *capability == self).map_or("", |(_, name)| name)
    }

    /// What an interface is about. Streams and polls belong to what their handle came from.
    #[must_use]
    pub fn of_interface(interface: &str) -> Self {
        match interface.trim_start_matches("wasi:").split_once('/') {
            Some(("filesystem", _)) => Self::Files,
            Some(("sockets" | "http", _)) => Self::Network,
            Some(("clocks", _)) => Self::Clock,
            Some(("random", _)) => Self::Random,
            Some(("cli", "environment")) => Self::Env,
            Some(("cli", name)) if name.starts_with("std") || name.starts_with("terminal") => Self::Stdio,
            _ => Self::Process,
        }
    }
}

impl FunctionId {
    /// Not a call: the run's end, the last event of every whole trace.
    pub const END: Self = Self(0);

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

impl fmt::Display for Function {
    /// `filesystem/types descriptor.open-at`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let interface = self.interface.trim_start_matches("wasi:");
        let after = |prefix| self.name.strip_prefix(prefix);
        match (after("[resource-drop]"), after("[constructor]")) {
            (Some(resource), _) => write!(f, "{interface} {resource}.drop"),
            (None, Some(resource)) => write!(f, "{interface} {resource}.new"),
            (None, None) => {
                let name = after("[method]").or_else(|| after("[static]")).unwrap_or(self.name);
                write!(f, "{interface} {name}")
            }
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
