//! Names and types of functions.

use std::fmt;

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
pub(super) const fn entry(
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
