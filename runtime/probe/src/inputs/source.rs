//! Sources of values, and the values that they are assigned.

use std::{collections::BTreeMap, fmt, sync::Arc};

use invar_world::Digest;

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// Time since start, and with it the wall clock.
    Uptime,
    /// The wall clock alone.
    Wall,
    /// Whether waiting passes time.
    Sleep,
    /// Random bytes, in the order in which they are drawn.
    Random,
    /// A variable that the world does not have, by number: its name.
    NewVariable(u32),
    /// A variable's value.
    Variable(String),
    /// The value of a key of `wasi:config/store`.
    Config(String),
    /// An argument.
    Argument(u32),
    /// An argument of a call, by its place.
    Field(String),
    /// Standard input, or the typed input.
    Input,
    /// What a file holds.
    File(String),
    /// When a file was last changed.
    Modified(String),
    /// One more name in a directory.
    Entry(String),
    /// What a name resolves to: the four bytes of one address.
    Name(String),
    /// What a destination answers.
    Answer(String),
    /// What a destination answers to a datagram.
    Datagram(String),
    /// Whether the standard streams are a terminal.
    Terminal,
    /// What the clocks are exact to.
    Resolution,
    /// How files are numbered.
    Inodes,
    /// The body of what a request is answered: method and URL.
    Body(String),
    /// The status of what a request is answered, in digits: method and URL.
    Status(String),
}

/// The value of a source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Nanoseconds: since 1970, or since start.
    Time(u64),
    /// Bytes of a text, a file, an address. Many states have the same: they share them.
    Bytes(Arc<[u8]>),
    /// It is not there.
    Absent,
    /// Not the usual behaviour, where there is only one other.
    Altered,
}

impl Value {
    /// Bytes of a text; none if it is none.
    pub(crate) fn len(&self) -> Option<usize> {
        match self {
            Self::Bytes(bytes) => Some(bytes.len()),
            _ => None,
        }
    }
}

/// Sources whose values differ from those in the run of comparison.
pub type Assignment = BTreeMap<Source, Value>;

/// What an assignment is known by, whatever its values take.
pub(crate) fn fingerprint(assignment: &Assignment) -> Digest {
    let heads: Vec<String> = assignment
        .iter()
        .map(|(source, value)| match value {
            Value::Bytes(bytes) => format!("{source:?} {} ", bytes.len()),
            other => format!("{source:?} {other:?} "),
        })
        .collect();
    let bodies = assignment.values().map(|value| match value {
        Value::Bytes(bytes) => &bytes[..],
        _ => b"",
    });
    let parts: Vec<&[u8]> =
        heads.iter().map(String::as_bytes).zip(bodies).flat_map(|(a, b)| [a, b]).collect();
    Digest::of_parts("invar/assignment", &parts)
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uptime => f.write_str("monotonic clock"),
            Self::Wall => f.write_str("clock"),
            Self::Sleep => f.write_str("waiting"),
            Self::Random => f.write_str("random"),
            Self::NewVariable(_) => f.write_str("environment variables"),
            Self::Variable(name) => write!(f, "environment variable {}", name.escape_debug()),
            Self::Config(key) => write!(f, "configuration {}", key.escape_debug()),
            Self::Argument(index) => write!(f, "argument {index}"),
            Self::Field(place) => write!(f, "argument {}", place.escape_debug()),
            Self::Input => f.write_str("input"),
            Self::File(path) => write!(f, "file {}", path.escape_debug()),
            Self::Modified(path) => write!(f, "file {} (its time)", path.escape_debug()),
            Self::Entry(path) => write!(f, "file {}/*", path.escape_debug()),
            Self::Name(name) => write!(f, "dns {}", name.escape_debug()),
            Self::Datagram(destination) => write!(f, "network {}", destination.escape_debug()),
            Self::Terminal => f.write_str("terminal"),
            Self::Resolution => f.write_str("clock resolution"),
            Self::Inodes => f.write_str("file numbers"),
            Self::Body(target) => write!(f, "network {}", target.escape_debug()),
            Self::Status(target) => write!(f, "network {} (its status)", target.escape_debug()),
            Self::Answer(destination) => write!(f, "network {}", destination.escape_debug()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Assignment, Source, Value, fingerprint};

    fn assigned(all: &[(Source, Value)]) -> Assignment {
        all.iter().cloned().collect()
    }

    #[test]
    fn assignments_are_known_by_their_sources_and_their_values() {
        let bytes = |text: &str| Value::Bytes(text.as_bytes().into());
        let (input, file) = (Source::Input, Source::File("/a".into()));
        let all = [
            assigned(&[]),
            assigned(&[(input.clone(), bytes("ab"))]),
            assigned(&[(input.clone(), bytes("abc"))]),
            assigned(&[(file.clone(), bytes("ab"))]),
            assigned(&[(input.clone(), bytes("a")), (file.clone(), bytes("b"))]),
            assigned(&[(input.clone(), Value::Absent)]),
            assigned(&[(Source::Wall, Value::Time(1))]),
        ];
        for (at, one) in all.iter().enumerate() {
            assert_eq!(fingerprint(one), fingerprint(&one.clone()));
            for other in &all[..at] {
                assert_ne!(fingerprint(one), fingerprint(other), "{one:?} {other:?}");
            }
        }
    }
}
