//! Lines one by one, none longer than a line can be.

use std::io::{BufRead, Read};

use super::ImportError;
use crate::export::jsonl::{HEAD_BYTES_MAX, LINE_BYTES_MAX};

/// What lines come from.
pub(super) struct Lines<'a, R> {
    input: &'a mut R,
    /// Lines that were read.
    number: u64,
    line: Vec<u8>,
}

impl<'a, R: BufRead> Lines<'a, R> {
    pub(super) fn new(input: &'a mut R) -> Self {
        Self { input, number: 0, line: Vec::new() }
    }

    /// Lines that were read.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The next line, without its newline; none at the end.
    ///
    /// # Errors
    /// Of what they come from; it is too long, or does not end.
    pub(super) fn read(&mut self) -> Result<Option<&[u8]>, ImportError> {
        let bytes_max = if self.number == 0 { HEAD_BYTES_MAX } else { LINE_BYTES_MAX };
        self.number += 1;
        self.line.clear();
        // What the first line took is not kept.
        self.line.shrink_to(LINE_BYTES_MAX);
        self.input.by_ref().take(bytes_max as u64 + 1).read_until(b'\n', &mut self.line)?;
        let bad = |why: String| Err(ImportError::Line { line: self.number, why });
        match self.line.split_last() {
            None => Ok(None),
            Some((b'\n', line)) if line.len() < bytes_max => Ok(Some(line)),
            _ if self.line.len() > bytes_max => bad(format!("it has more than {bytes_max} bytes")),
            _ => bad("it does not end: it is cut off".into()),
        }
    }
}
