//! One execution, as a line of a log describes it: `docs/schema/invar-execution-1.json`.

use std::{collections::BTreeSet, fmt, marker::PhantomData, sync::Arc};

use invar_trace::{Effect, Ending};
use invar_world::{Digest, Timestamp};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};
use thiserror::Error;

use crate::effect;

/// Name and version of the form of a line.
const SCHEMA: &str = "invar-execution/1";
/// Characters of a name, version or agent. Stops one that fills the report.
pub const NAME_CHARS_MAX: usize = 256;
/// Characters of an error that are shown.
const MESSAGE_CHARS_MAX: usize = 300;

/// One execution of a skill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Execution {
    /// Who ran it.
    pub agent: Option<Arc<str>>,
    /// The skill's name.
    pub skill: Arc<str>,
    /// Its version; empty if that is not known.
    pub version: Arc<str>,
    /// SHA-256 of its file.
    pub component: Option<Digest>,
    /// When it started.
    pub time: Timestamp,
    /// Its number among the agent's executions, from 1.
    pub run: Option<u64>,
    /// SHA-256 of what it read as input.
    pub input: Digest,
    /// Bytes of that.
    pub input_bytes: Option<u64>,
    /// Digest of the host responses.
    pub outside: Option<Digest>,
    /// SHA-256 of its output.
    pub output: Digest,
    /// How it ended.
    pub ending: Ending,
    /// What it did.
    pub activity: Arc<Activity>,
    /// What it cost.
    pub costs: Costs,
    /// The trace it was read from.
    pub trace: Option<Arc<str>>,
}

/// What an execution did.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Activity {
    /// Its effects on the outside.
    pub effects: BTreeSet<Effect>,
    /// Lines that its envelope lacks for it; none: it was checked against no envelope.
    pub violations: Option<BTreeSet<String>>,
}

/// What an execution cost, as far as the log says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Costs {
    /// Instructions.
    pub fuel: Option<u64>,
    /// Largest sum of all memories.
    pub memory_peak_bytes: Option<u64>,
    /// Bytes from files.
    pub file_read: Option<u64>,
    /// Bytes to files.
    pub file_written: Option<u64>,
    /// Bytes to the network.
    pub network_sent: Option<u64>,
    /// Bytes from the network.
    pub network_received: Option<u64>,
    /// Host time in milliseconds; for information, never a finding.
    pub wall_ms: Option<u64>,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct RecordError(String);

impl RecordError {
    /// In one line of bounded length, whatever it quotes.
    fn new(message: &str) -> Self {
        let mut shown = String::new();
        for c in message.chars().take(MESSAGE_CHARS_MAX) {
            match is_invisible(c) {
                true => shown.extend(c.escape_unicode()),
                false => shown.push(c),
            }
        }
        Self(shown)
    }
}

/// A line, before its values are looked at.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    schema: Option<String>,
    agent: Option<String>,
    skill: String,
    version: String,
    component_sha256: Option<String>,
    time: String,
    run: Option<u64>,
    input_sha256: String,
    input_bytes: Option<u64>,
    host_sha256: Option<String>,
    output_sha256: String,
    exit: u8,
    effects: Vec<String>,
    violations: Option<Vec<String>>,
    resources: Object<Costs>,
}

impl Execution {
    /// Reads one line.
    ///
    /// # Errors
    /// Not JSON, an unknown or missing key, or a value that it cannot have.
    pub fn parse(line: &[u8]) -> Result<Self, RecordError> {
        let Object(line): Object<Line> = serde_json::from_slice(line).map_err(|error| {
            // The caller adds the name of the log and the number of the line.
            let text = error.to_string();
            let message = text.split(" at line 1 column ").next().unwrap_or_default();
            RecordError::new(&match error.column() {
                0 => message.to_owned(),
                column => format!("column {column}: {message}"),
            })
        })?;
        if let Some(other) = line.schema.filter(|schema| schema != SCHEMA) {
            return Err(RecordError::new(&format!("schema is \"{other}\"; this version reads {SCHEMA}")));
        }
        if line.run == Some(0) {
            return Err(RecordError::new("run is 0; executions are counted from 1"));
        }
        let component = line.component_sha256.map(|text| digest("component_sha256", &text)).transpose()?;
        let outside = line.host_sha256.map(|text| digest("host_sha256", &text)).transpose()?;
        Ok(Self {
            agent: line.agent.map(|agent| name("agent", agent, 1)).transpose()?,
            skill: name("skill", line.skill, 1)?,
            version: name("version", line.version, 0)?,
            component,
            time: Timestamp::parse(&line.time)
                .map_err(|error| RecordError::new(&format!("time: {error}")))?,
            run: line.run,
            input: digest("input_sha256", &line.input_sha256)?,
            input_bytes: line.input_bytes,
            outside,
            output: digest("output_sha256", &line.output_sha256)?,
            ending: match line.exit {
                0 => Ending::Returned,
                status => Ending::Exited(status),
            },
            activity: Arc::new(Activity {
                effects: line.effects.iter().map(|text| effect(text)).collect::<Result<_, _>>()?,
                violations: line.violations.map(violations).transpose()?,
            }),
            costs: line.resources.0,
            trace: None,
        })
    }

    /// Which bytes ran, as far as is known: the component, else the version.
    pub(crate) fn build(&self) -> Build<'_> {
        match &self.component {
            Some(digest) => Build::Component(digest),
            None => Build::Version(&self.version),
        }
    }
}

/// Reads an object only: a derived reader would also take an array of the values without their names.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Named<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Named<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }
        deserializer.deserialize_map(Named(PhantomData))
    }
}

/// Which bytes ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Build<'a> {
    Component(&'a Digest),
    Version(&'a str),
}

fn digest(key: &str, text: &str) -> Result<Digest, RecordError> {
    let is_plain = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    Digest::from_hex(text).filter(|_| is_plain).ok_or_else(|| {
        RecordError::new(&format!("{key} is not a SHA-256 in 64 lower-case hexadecimal digits"))
    })
}

fn name(key: &str, text: String, least: usize) -> Result<Arc<str>, RecordError> {
    let chars = text.chars().count();
    if chars < least || chars > NAME_CHARS_MAX {
        return Err(RecordError::new(&format!(
            "{key} has {chars} characters; {least} to {NAME_CHARS_MAX} are read"
        )));
    }
    match text.chars().find(|c| is_invisible(*c)) {
        Some(c) => Err(RecordError::new(&format!("{key} holds {}, which is invisible", c.escape_unicode()))),
        None => Ok(text.into()),
    }
}

fn effect(text: &str) -> Result<Effect, RecordError> {
    effect::parse(text).ok_or_else(|| {
        let start: String = text.chars().take(40).collect();
        RecordError::new(&format!("\"{start}\" is no effect; one begins with {}", effect::kinds()))
    })
}

fn violations(lines: Vec<String>) -> Result<BTreeSet<String>, RecordError> {
    match lines.iter().find(|line| line.chars().any(is_invisible)) {
        Some(_) => Err(RecordError::new("violations hold an invisible character")),
        None => Ok(lines.into_iter().collect()),
    }
}

/// Whether a character ends a line, reverses text, or cannot be seen.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{ffff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::Execution;

    fn line(more: &str) -> String {
        let sha = "0".repeat(64);
        format!(
            r#"{{"skill":"a","version":"1","time":"2026-01-15T16:00:00Z","input_sha256":"{sha}","output_sha256":"{sha}","exit":0,"effects":[],"resources":{{}}{more}}}"#
        )
    }

    fn error(line: &str) -> String {
        Execution::parse(line.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn what_must_be_there_is_enough() {
        let execution = Execution::parse(line("").as_bytes()).unwrap();
        assert_eq!((&*execution.skill, execution.agent, execution.run), ("a", None, None));
        assert!(Execution::parse(line(r#","schema":"invar-execution/1""#).as_bytes()).is_ok());
    }

    #[test]
    fn what_is_wrong_is_reported() {
        for (text, expected) in [
            (line(r#","surprise":1"#), "unknown field `surprise`"),
            (line(r#","run":0"#), "counted from 1"),
            (line(r#","run":"x""#), "expected u64"),
            (line(r#","agent":"""#), "agent has 0 characters"),
            (line(r#","agent":"a\nb""#), "agent holds \\u{a}"),
            (line(r#","schema":"invar-execution/2""#), "this version reads"),
            (line(r#","host_sha256":"12""#), "host_sha256 is not a SHA-256"),
            (line("").replace(r#""exit":0"#, r#""exit":-1"#), "invalid value"),
            (line("").replace("2026-01-15", "2026-13-45"), "time: "),
            (line("").replace("[]", r#"["sing a song"]"#), "is no effect"),
            (line("").replace("{}", r#"{"fuel":-3}"#), "invalid value"),
            (line("").replace("{}", r#"{"feul":3}"#), "unknown field `feul`"),
            (line("")[..100].to_owned(), "EOF while parsing"),
            ("[]".to_owned(), "expected an object"),
            ("{}".to_owned(), "missing field"),
            (line("").replace("{}", "[1,2,3,4,5,6,7]"), "expected an object"),
            (line(r#","skill":"b""#), "duplicate field"),
        ] {
            assert!(error(&text).contains(expected), "{text}: {}", error(&text));
        }
    }

    #[test]
    fn an_error_quotes_nothing_raw_and_not_much() {
        let text = error(&line(&format!(r#","\u001b[2J{}":1"#, "x".repeat(5_000))));
        assert!(!text.contains('\u{1b}') && text.len() < 400, "{text}");
    }
}
