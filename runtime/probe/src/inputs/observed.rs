//! What a run observed: the sources that it looked at, with their values.

use std::collections::{BTreeMap, BTreeSet};

use super::{Source, Value};

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
    /// Keys of `wasi:config/store` that it asked for, with their values.
    pub config: BTreeMap<String, Option<String>>,
    /// The program's name; none: it does not ask for it.
    pub program: Option<String>,
    /// Whether it asks for a terminal, and there is none.
    pub terminal: bool,
    /// Whether it asks what the clocks are exact to.
    pub resolution: bool,
    /// Whether it looks at the numbers of files.
    pub inodes: bool,
    /// Arguments after the program's name; none: it does not ask for them.
    pub arguments: Option<Vec<String>>,
    /// Arguments of its calls that are text, numbers or truth values, by their places.
    pub fields: BTreeMap<String, String>,
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
    /// Destinations that datagrams were sent to, and what they answered; none: nothing.
    pub datagrams: BTreeMap<String, Option<Vec<u8>>>,
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
        for (key, value) in &self.config {
            let value = value.as_ref().map_or(Value::Absent, |value| bytes(value.as_bytes()));
            all.push((Source::Config(key.clone()), value));
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
        for (destination, answer) in &self.datagrams {
            let value = answer.as_ref().map_or(Value::Absent, |answer| bytes(answer));
            all.push((Source::Datagram(destination.clone()), value));
        }
        let looked_at = [
            (Source::Terminal, self.terminal),
            (Source::Resolution, self.resolution),
            (Source::Inodes, self.inodes),
        ];
        all.extend(looked_at.into_iter().filter(|(_, is)| *is).map(|(source, _)| (source, Value::Absent)));
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
        all.extend(self.program.as_ref().map(|name| (Source::Argument(0), bytes(name.as_bytes()))));
        for (place, value) in &self.fields {
            all.push((Source::Field(place.clone()), bytes(value.as_bytes())));
        }
        all.extend(self.input.as_ref().map(|input| (Source::Input, bytes(input))));
        if !self.random.is_empty() {
            all.push((Source::Random, bytes(&self.random)));
        }
        all
    }
}
