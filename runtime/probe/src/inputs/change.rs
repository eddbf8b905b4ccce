//! The changes of a world that give sources their values.

use std::net::IpAddr;

use invar_world::{Change, Reply, Timestamp};

use super::{Assignment, ObservedInputs, Source, Value};

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
