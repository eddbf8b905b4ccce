//! A log in the forms of others: lossless lines, events for a SIEM, logs for collectors, receipts, tiles.
//!
//! Every export holds what is signed and nothing behind it. That the files hang together is checked on the way; whether
//! the signatures are by the log's keys is not: verify first ([`crate::verify`]).

pub mod files;
pub mod import;
pub mod jsonl;
pub mod ocsf;
pub mod otel;
pub mod scitt;
mod source;
pub mod tiles;

use std::io::{self, Write};

use serde::Serialize;
use thiserror::Error;

use crate::LogError;

/// What was exported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Exported {
    /// Events.
    pub events: u64,
    /// Events that were pruned: only their hashes are there.
    pub gone: u64,
}

/// Why there is no export, or half of one.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The log cannot be read, or is not whole.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The lines cannot be written.
    #[error("the export was not written whole: {0}")]
    Write(#[from] io::Error),
}

/// Writes a line of JSON, with a buffer to be used again.
fn put_line(out: &mut impl Write, buffer: &mut Vec<u8>, line: &impl Serialize) -> io::Result<()> {
    buffer.clear();
    serde_json::to_writer(&mut *buffer, line)?;
    buffer.push(b'\n');
    out.write_all(buffer)
}

#[cfg(test)]
mod testing;
