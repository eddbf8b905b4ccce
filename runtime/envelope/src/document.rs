//! A TOML document of ours and errors that name a place in it.

use std::{fmt, ops::Range};

use serde::de::DeserializeOwned;
use thiserror::Error;

/// The text of a document and the name to show for it.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// The name to show: a path as the user gave it.
    pub name: &'a str,
    /// The whole text.
    pub text: &'a str,
}

/// Longest document read. Stops a manifest made to exhaust memory.
const DOCUMENT_BYTES_MAX: usize = 4 << 20;

impl<'a> Document<'a> {
    /// Whether it is of a size that is read.
    pub(crate) fn check_size(self) -> Result<(), DocumentError> {
        if self.text.len() > DOCUMENT_BYTES_MAX {
            let message = format!("document of {} bytes; {DOCUMENT_BYTES_MAX} at most", self.text.len());
            return Err(DocumentError::at(self, 0..0, message));
        }
        Ok(())
    }

    /// Reads the document as `T`.
    ///
    /// # Errors
    /// Not TOML, an unknown or missing key, or a value of another type: with its place.
    pub fn read<T: DeserializeOwned>(self) -> Result<T, DocumentError> {
        self.check_size()?;
        toml::from_str(self.text).map_err(|error| {
            DocumentError::at(self, error.span().unwrap_or(0..0), error.message().trim_end())
        })
    }
}

/// An error at a place in a document of the user's.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct DocumentError {
    /// The document's name, as the user gave it.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// What is wrong; a fragment without a full stop.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// The document, for showing the place.
    pub text: String,
    /// The place, in bytes of `text`.
    pub span: Range<usize>,
}

impl DocumentError {
    /// An error at `span` of the document.
    pub fn at(document: Document<'_>, span: Range<usize>, message: impl Into<String>) -> Self {
        let text = document.text;
        let floor = |mut at: usize| {
            at = at.min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let (start, end) = (floor(span.start), floor(span.end));
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Self {
            file: document.name.to_owned(),
            line: before.matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            message: message.into(),
            help: None,
            text: text.to_owned(),
            span: start..end.max(start),
        }
    }

    /// The same error, saying what to write instead.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Document, DocumentError};

    #[test]
    fn the_place_counts_lines_and_characters_from_one() {
        let document = Document { name: "a.toml", text: "x = 1\nü = \"boo\"\n" };
        let error = DocumentError::at(document, 11..16, "bad");
        assert_eq!((error.line, error.column), (2, 5));
        assert_eq!(error.to_string(), "a.toml:2:5: bad");
    }

    #[test]
    fn a_place_outside_or_inside_a_character_is_brought_back() {
        let document = Document { name: "a.toml", text: "ü" };
        assert_eq!(DocumentError::at(document, 1..99, "bad").span, 0..2);
    }
}
