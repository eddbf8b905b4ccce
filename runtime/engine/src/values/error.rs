//! JSON that is not a value of its type.

use serde_json::Value as Json;
use thiserror::Error;

use crate::names;

/// Characters of a value that a message repeats. Stops a value of megabytes from hiding what the message says.
const FOUND_CHARS_MAX: usize = 60;

/// Where JSON is not a value of its type, what was expected there and what was found.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}: expected {expected}, found {found}", names::message(.path))]
pub struct ValueError {
    /// The place, such as `args.filter.tags[3]`.
    pub path: String,
    /// The type that is expected there.
    pub expected: String,
    /// What is there.
    pub found: String,
}

impl ValueError {
    /// A value of another type.
    pub(crate) fn other(expected: impl Into<String>, found: &Json) -> Self {
        Self { path: String::new(), expected: expected.into(), found: describe(found) }
    }

    /// Nothing where a value must be.
    pub(crate) fn absent(expected: impl Into<String>) -> Self {
        Self { path: String::new(), expected: expected.into(), found: "nothing".into() }
    }

    /// A name that the type does not have.
    pub(crate) fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Self {
        let known = names::Names::plain(known);
        Self { path: String::new(), expected: format!("{what} {known}"), found: shown(name) }
    }

    /// The same, inside the field or argument of this name.
    pub(crate) fn in_field(mut self, name: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{name}{dot}{}", self.path);
        self
    }

    /// The same, inside the element of this index.
    pub(crate) fn in_element(mut self, index: usize) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("[{index}]{dot}{}", self.path);
        self
    }
}

/// What a piece of JSON is, in a few words.
fn describe(json: &Json) -> String {
    match json {
        Json::Null => "null".into(),
        Json::Bool(value) => value.to_string(),
        Json::Number(number) => number.to_string(),
        Json::String(text) => shown(text),
        Json::Array(elements) => format!("an array of {}", elements.len()),
        Json::Object(fields) => format!("an object with {}", names::Names::quoted(fields.keys())),
    }
}

/// A text of the caller, escaped and cut.
fn shown(text: &str) -> String {
    let mut chars = text.chars();
    let cut: String = chars.by_ref().take(FOUND_CHARS_MAX).flat_map(char::escape_debug).collect();
    let more = if chars.next().is_some() { "…" } else { "" };
    format!("\"{cut}{more}\"")
}
