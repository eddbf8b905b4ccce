//! The changes of a world that give sources their values.

use std::net::IpAddr;

use invar_world::{Change, Reply, Timestamp};

use super::{Assignment, ObservedInputs, Source, Value};

/// Longest value of a variable or an argument: no program is given longer ones.
const TEXT_BYTES_MAX: usize = 4096;
/// What a new file or variable holds until something better is known.
const PRESENT: &str = "1";

/// What a coarse clock is exact to.
const COARSE_NS: u64 = 1_000_000;
/// Where numbers of files begin on a new file system.
const FIRST_INODE: u64 = 2;

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
            (Self::Terminal, Value::Altered) => Change::Terminal(true),
            (Self::Resolution, Value::Altered) => Change::Resolution(COARSE_NS),
            (Self::Inodes, Value::Altered) => Change::Inodes(FIRST_INODE),
            (Self::Random, Value::Bytes(bytes)) => Change::RandomBytes(bytes.to_vec()),
            (Self::NewVariable(_), Value::Bytes(name)) => {
                let name = text(name).filter(|name| !name.is_empty() && !name.contains('='))?;
                Change::Env { name, value: Some(PRESENT.into()) }
            }
            (Self::Variable(name), Value::Bytes(value)) => {
                Change::Env { name: name.clone(), value: Some(text(value)?) }
            }
            (Self::Variable(name), Value::Absent) => Change::Env { name: name.clone(), value: None },
            (Self::Config(key), Value::Bytes(value)) => {
                Change::Config { key: key.clone(), value: Some(text(value)?) }
            }
            (Self::Config(key), Value::Absent) => Change::Config { key: key.clone(), value: None },
            (Self::Argument(index), Value::Bytes(value)) => {
                Change::Arg { index: *index, value: text(value)? }
            }
            (Self::Field(place), Value::Bytes(value)) => {
                Change::Field { place: place.clone(), value: text(value)? }
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
            (Self::Datagram(destination), Value::Bytes(bytes)) => {
                Change::Datagram { destination: destination.clone(), bytes: bytes.to_vec() }
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

#[cfg(test)]
mod tests {
    use invar_world::Change;

    use crate::{ObservedInputs, Source, Value};

    #[test]
    fn what_a_machine_is_like_has_one_other_value() {
        let inputs = ObservedInputs { terminal: true, resolution: true, inodes: true, ..Default::default() };
        let sources: Vec<Source> = inputs.sources().into_iter().map(|(source, _)| source).collect();
        assert_eq!(sources, [Source::Terminal, Source::Resolution, Source::Inodes]);
        let changes: Vec<Change> =
            sources.iter().filter_map(|source| source.change(&Value::Altered, &inputs)).collect();
        assert_eq!(changes, [Change::Terminal(true), Change::Resolution(1_000_000), Change::Inodes(2)]);
    }

    #[test]
    fn the_name_of_the_program_and_answers_to_datagrams_are_sources() {
        let inputs = ObservedInputs {
            program: Some("tool".into()),
            datagrams: [("ns.example:53".to_owned(), None)].into(),
            ..Default::default()
        };
        let bytes = Value::Bytes(b"yes".as_slice().into());
        let changes: Vec<Change> =
            inputs.sources().iter().filter_map(|(source, _)| source.change(&bytes, &inputs)).collect();
        let datagram = Change::Datagram { destination: "ns.example:53".into(), bytes: b"yes".to_vec() };
        assert_eq!(changes, [datagram, Change::Arg { index: 0, value: "yes".into() }]);
    }
}
