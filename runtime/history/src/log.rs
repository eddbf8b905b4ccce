//! Reads logs line by line, so that memory holds the executions and not the text.

use std::{
    collections::BTreeSet,
    io::{self, BufRead, Read},
    sync::Arc,
};

use thiserror::Error;

use crate::execution::{Activity, Execution, RecordError};

/// Bytes of one line. Stops a line made to fill memory.
pub const LINE_BYTES_MAX: u64 = 1 << 20;
/// Executions in all logs together. Stops logs made to fill memory with short lines.
pub const RECORDS_MAX: usize = 1_000_000;
/// Bytes of all logs together. Stops logs made to fill memory with long values.
pub const LOG_BYTES_MAX: u64 = 2 << 30;

/// Executions, in the order they were read in.
#[derive(Debug, Default)]
pub struct Log {
    executions: Vec<Execution>,
    bytes: u64,
    names: BTreeSet<Arc<str>>,
    activities: BTreeSet<Arc<Activity>>,
}

/// What keeps a log from being read.
#[derive(Debug, Error)]
pub enum LogError {
    /// A line is bad.
    #[error("{log}:{line}: {error}")]
    Line {
        /// The log, as the user named it.
        log: String,
        /// From 1.
        line: u64,
        /// What is wrong with it.
        error: RecordError,
    },
    /// A line does not end.
    #[error("{log}:{line}: the line is longer than {LINE_BYTES_MAX} bytes")]
    Long {
        /// The log, as the user named it.
        log: String,
        /// From 1.
        line: u64,
    },
    /// There are too many.
    #[error(
        "{log}:{line}: more than {RECORDS_MAX} executions or {LOG_BYTES_MAX} bytes; analyze fewer at a time"
    )]
    Many {
        /// The log, as the user named it.
        log: String,
        /// From 1.
        line: u64,
    },
    /// It holds nothing.
    #[error("{log} holds no execution")]
    Empty {
        /// The log, as the user named it.
        log: String,
    },
    /// It cannot be read.
    #[error("cannot read {log}: {error}")]
    Io {
        /// The log, as the user named it.
        log: String,
        /// Why.
        error: io::Error,
    },
}

impl Log {
    /// Adds the executions of a log, a line each. `log` is its name for errors. Lines of white space are skipped.
    ///
    /// # Errors
    /// The first line that is bad, with its place; or there is nothing in it.
    pub fn read(&mut self, log: &str, mut from: impl BufRead) -> Result<(), LogError> {
        let before = self.executions.len();
        let mut buffer = Vec::new();
        for line in 1.. {
            buffer.clear();
            let io = |error| LogError::Io { log: log.into(), error };
            let length = from.by_ref().take(LINE_BYTES_MAX + 1).read_until(b'\n', &mut buffer).map_err(io)?;
            if length == 0 {
                break;
            }
            let text = buffer.trim_ascii();
            if text.len() as u64 > LINE_BYTES_MAX
                || (length as u64 > LINE_BYTES_MAX && !buffer.ends_with(b"\n"))
            {
                return Err(LogError::Long { log: log.into(), line });
            }
            self.bytes += length as u64;
            if self.executions.len() >= RECORDS_MAX || self.bytes > LOG_BYTES_MAX {
                return Err(LogError::Many { log: log.into(), line });
            }
            if text.is_empty() {
                continue;
            }
            let execution =
                Execution::parse(text).map_err(|error| LogError::Line { log: log.into(), line, error })?;
            self.push(execution);
        }
        match self.executions.len() > before {
            true => Ok(()),
            false => Err(LogError::Empty { log: log.into() }),
        }
    }

    /// Adds one execution. Equal names and activities are stored once.
    pub fn push(&mut self, mut execution: Execution) {
        execution.agent = execution.agent.map(|name| shared(&mut self.names, name));
        execution.skill = shared(&mut self.names, execution.skill);
        execution.version = shared(&mut self.names, execution.version);
        execution.activity = shared(&mut self.activities, execution.activity);
        self.executions.push(execution);
    }

    /// All of them.
    #[must_use]
    pub fn executions(&self) -> &[Execution] {
        &self.executions
    }

    /// Keeps the executions that match, and drops the others.
    pub fn retain(&mut self, is_wanted: impl Fn(&Execution) -> bool) {
        self.executions.retain(is_wanted);
    }
}

fn shared<T: Ord + ?Sized>(all: &mut BTreeSet<Arc<T>>, one: Arc<T>) -> Arc<T> {
    match all.get(&one) {
        Some(known) => known.clone(),
        None => {
            all.insert(one.clone());
            one
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Read, repeat};

    use super::{LINE_BYTES_MAX, Log};

    fn error(text: &[u8]) -> String {
        Log::default().read("a.jsonl", text).unwrap_err().to_string()
    }

    #[test]
    fn an_error_names_the_log_and_the_line() {
        assert!(error(b"\n\n{\n").starts_with("a.jsonl:3: column 1: EOF"), "{}", error(b"\n\n{\n"));
        assert_eq!(error(b""), "a.jsonl holds no execution");
        assert_eq!(error(b" \n\r\n"), "a.jsonl holds no execution");
        assert!(error(b"\xff\n").starts_with("a.jsonl:1: "));
    }

    #[test]
    fn a_line_without_end_is_read_no_further_than_the_limit() {
        let endless = BufReader::new(repeat(b'x').take(1 << 40));
        let error = Log::default().read("a", endless).unwrap_err().to_string();
        assert_eq!(error, format!("a:1: the line is longer than {LINE_BYTES_MAX} bytes"));
    }
}
