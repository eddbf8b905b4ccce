//! The inputs that a run observed, by source.

mod of;
mod statuses;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    net::IpAddr,
    sync::Arc,
};

pub use of::InitialState;

use invar_world::{Change, Digest, Reply, Timestamp};

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
    /// An argument.
    Argument(u32),
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

/// The inputs that a run observed.
#[derive(Debug, Clone, Default)]
pub struct ObservedInputs {
    /// When it started; none: it looks at no clock.
    pub wall: Option<u64>,
    /// How long the machine had been up; none: it looks at no such clock.
    pub uptime: Option<u64>,
    /// Whether it waits.
    pub sleeps: bool,
    /// The random bytes that it drew, as many as are worth setting.
    pub random: Vec<u8>,
    /// Variables; none: it does not ask for them.
    pub variables: Option<BTreeMap<String, String>>,
    /// Arguments after the program's name; none: it does not ask for them.
    pub arguments: Option<Vec<String>>,
    /// What it reads; none: nothing.
    pub input: Option<Vec<u8>>,
    /// Files that it looked at and that were there, with what they held.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Files whose times it looked at, and when they were changed.
    pub modified: BTreeMap<String, u64>,
    /// Files that it looked for in vain.
    pub missing: BTreeSet<String>,
    /// Directories that it listed.
    pub listed: BTreeSet<String>,
    /// Names that it looked up, and an address of each.
    pub names: BTreeMap<String, Option<[u8; 4]>>,
    /// Destinations that answered, and with what.
    pub answers: BTreeMap<String, Vec<u8>>,
    /// Requests by method and URL, and the body that each was answered.
    pub bodies: BTreeMap<String, Vec<u8>>,
    /// Requests by method and URL, and the first status that it looked at of each.
    pub statuses: BTreeMap<String, u16>,
}

impl ObservedInputs {
    /// Every source with its value, in a fixed order.
    #[must_use]
    pub fn sources(&self) -> Vec<(Source, Value)> {
        let bytes = |bytes: &[u8]| Value::Bytes(bytes.into());
        let mut all: Vec<(Source, Value)> = Vec::new();
        all.extend(self.wall.map(|ns| (Source::Wall, Value::Time(ns))));
        all.extend(self.uptime.map(|ns| (Source::Uptime, Value::Time(ns))));
        if self.sleeps {
            all.push((Source::Sleep, Value::Absent));
        }
        for (name, value) in self.variables.iter().flatten() {
            all.push((Source::Variable(name.clone()), bytes(value.as_bytes())));
        }
        for (path, content) in &self.files {
            all.push((Source::File(path.clone()), bytes(content)));
        }
        all.extend(self.missing.iter().map(|path| (Source::File(path.clone()), Value::Absent)));
        for (path, ns) in &self.modified {
            all.push((Source::Modified(path.clone()), Value::Time(*ns)));
        }
        all.extend(self.listed.iter().map(|path| (Source::Entry(path.clone()), Value::Absent)));
        for (name, address) in &self.names {
            let value = address.map_or(Value::Absent, |address| bytes(&address));
            all.push((Source::Name(name.clone()), value));
        }
        for (destination, answer) in &self.answers {
            all.push((Source::Answer(destination.clone()), bytes(answer)));
        }
        for (target, body) in &self.bodies {
            all.push((Source::Body(target.clone()), bytes(body)));
        }
        for (target, status) in &self.statuses {
            all.push((Source::Status(target.clone()), bytes(status.to_string().as_bytes())));
        }
        for (index, argument) in (1..).zip(self.arguments.iter().flatten()) {
            all.push((Source::Argument(index), bytes(argument.as_bytes())));
        }
        if let Some(arguments) = &self.arguments {
            let next = u32::try_from(arguments.len()).unwrap_or(0) + 1;
            all.push((Source::Argument(next), Value::Absent));
        }
        all.extend(self.input.as_ref().map(|input| (Source::Input, bytes(input))));
        if !self.random.is_empty() {
            all.push((Source::Random, bytes(&self.random)));
        }
        all
    }
}

/// Longest value of a variable or an argument: no program is given longer ones.
const TEXT_BYTES_MAX: usize = 4096;
/// What a new file or variable holds until something better is known.
const PRESENT: &str = "1";

impl Source {
    /// The change that gives it this value; none if there is none.
    #[must_use]
    pub fn change(&self, value: &Value, inputs: &ObservedInputs) -> Option<Change> {
        let text = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).ok()?;
            (text.len() <= TEXT_BYTES_MAX && !text.contains('\0')).then_some(text)
        };
        Some(match (self, value) {
            (Self::Uptime, Value::Time(ns)) => {
                let by = i128::from(*ns) - i128::from(inputs.uptime.unwrap_or(0));
                Change::Advance(i64::try_from(by).ok()?)
            }
            (Self::Wall, Value::Time(ns)) => Change::Clock(Timestamp(*ns)),
            (Self::Sleep, Value::Altered) => Change::SkipSleep,
            (Self::Random, Value::Bytes(bytes)) => Change::RandomBytes(bytes.to_vec()),
            (Self::NewVariable(_), Value::Bytes(name)) => {
                let name = text(name).filter(|name| !name.is_empty() && !name.contains('='))?;
                Change::Env { name, value: Some(PRESENT.into()) }
            }
            (Self::Variable(name), Value::Bytes(value)) => {
                Change::Env { name: name.clone(), value: Some(text(value)?) }
            }
            (Self::Variable(name), Value::Absent) => Change::Env { name: name.clone(), value: None },
            (Self::Argument(index), Value::Bytes(value)) => {
                Change::Arg { index: *index, value: text(value)? }
            }
            (Self::Input, Value::Bytes(bytes)) => Change::Stdin(bytes.to_vec()),
            (Self::File(path), Value::Bytes(bytes)) => {
                Change::File { path: path.clone(), content: Some(bytes.to_vec()) }
            }
            (Self::File(path), Value::Absent) => Change::File { path: path.clone(), content: None },
            (Self::Modified(path), Value::Time(ns)) => {
                Change::Modified { path: path.clone(), time: Timestamp(*ns) }
            }
            (Self::Entry(directory), Value::Bytes(name)) => {
                let name = text(name).filter(|name| {
                    !name.is_empty() && name != "." && name != ".." && !name.contains('/') && name.len() < 200
                })?;
                let path = format!("{}/{name}", directory.trim_end_matches('/'));
                Change::File { path, content: Some(PRESENT.into()) }
            }
            (Self::Name(name), Value::Bytes(bytes)) => {
                let address: [u8; 4] = bytes[..].try_into().ok()?;
                Change::Dns { name: name.clone(), addresses: vec![IpAddr::from(address)] }
            }
            (Self::Name(name), Value::Absent) => Change::Dns { name: name.clone(), addresses: Vec::new() },
            (Self::Answer(destination), Value::Bytes(bytes)) => {
                Change::Answered { destination: destination.clone(), bytes: bytes.to_vec() }
            }
            (Self::Body(target), Value::Bytes(bytes)) => {
                Change::Requested { target: target.clone(), reply: Reply::Body(bytes.to_vec()) }
            }
            (Self::Status(target), Value::Bytes(digits)) => {
                let status = text(digits)?.parse().ok().filter(|status| (200..=999).contains(status))?;
                Change::Requested { target: target.clone(), reply: Reply::Status(status) }
            }
            _ => return None,
        })
    }
}

/// The changes that give sources their assigned values; none if one cannot be made.
#[must_use]
pub fn changes(assignment: &Assignment, inputs: &ObservedInputs) -> Option<Vec<Change>> {
    assignment.iter().map(|(source, value)| source.change(value, inputs)).collect()
}

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
            Self::Argument(index) => write!(f, "argument {index}"),
            Self::Input => f.write_str("input"),
            Self::File(path) => write!(f, "file {}", path.escape_debug()),
            Self::Modified(path) => write!(f, "file {} (its time)", path.escape_debug()),
            Self::Entry(path) => write!(f, "file {}/*", path.escape_debug()),
            Self::Name(name) => write!(f, "dns {}", name.escape_debug()),
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
