//! Lossless lines: everything that a log is, one JSON object a line, from which it can be made again byte by byte.
//!
//! ```text
//! {"type":"log", …}      what it is: schema, log, origin, vkey, the public keys of all epochs, what was published
//! {"type":"segment", …}  a file begins
//! {"type":"event", …}    what it says, for people, and its bytes, which count
//! {"type":"commit", …}   what is signed after a batch
//! {"type":"gone", …}     what is left of an event that was pruned
//! {"type":"runs", …}     how often components ran until there
//! {"type":"end", …}      nothing is missing
//! ```
//!
//! Each line has one spelling: [`super::import`] takes no other.

use std::{collections::BTreeMap, io::Write};

use serde::Serialize;

use super::{
    ExportError, Exported, put_line,
    source::{Item, Source},
};
use crate::{
    Hash, LogError, body::Genesis, disk::Disk, epochs::EPOCHS_BYTES_MAX, names::EPOCHS, published, segment,
    show::Json, text::to_base64,
};

/// The name of this form, and its version.
pub const SCHEMA: &str = "invar-ledger/1";
/// Bytes of a line at most, but for the first: those of the longest event, six for each where JSON escapes them, and its
/// base64. Stops a file without newlines from filling the memory of whoever reads it.
pub const LINE_BYTES_MAX: usize = 512 << 10;
/// Bytes of the first line at most: the public keys of as many epochs as a log can have, in base64, and a note.
pub const HEAD_BYTES_MAX: usize = 48 << 20;

/// One line. Fields are written in this order.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Line<'a> {
    /// The first.
    Log {
        schema: &'a str,
        log: String,
        origin: &'a str,
        vkey: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        epochs: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        checkpoint: Option<&'a str>,
    },
    /// Index of the first event, and the link of the one before.
    Segment { first: u64, previous: String },
    /// As [`Json`] has it, and its bytes.
    Event {
        #[serde(flatten)]
        event: Json<'a>,
        leaf: String,
        bytes: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[serde(rename = "monitor_signature")]
        signature: Option<String>,
    },
    /// Events that are signed for, and the root over them.
    Commit {
        size: u64,
        root: String,
        #[serde(rename = "monitor_signature")]
        signature: String,
    },
    /// Its place, leaf and link.
    #[serde(rename = "gone")]
    Tombstone { index: u64, leaf: String, link: String },
    /// By component.
    Runs { runs: BTreeMap<String, u64> },
    /// The last.
    End { events: u64 },
}

/// The first line of a log.
pub(super) fn head<'a>(
    genesis: &'a Genesis,
    vkey: &'a str,
    epochs: Option<&[u8]>,
    checkpoint: Option<&'a str>,
) -> Line<'a> {
    Line::Log {
        schema: SCHEMA,
        log: genesis.log_id().to_string(),
        origin: &genesis.origin,
        vkey,
        epochs: epochs.map(to_base64),
        checkpoint,
    }
}

/// The line of what a segment holds.
///
/// # Errors
/// What is wrong with it: it could not be written again as it is.
pub(super) fn line<'a>(item: &'a Item<'_>) -> Result<Line<'a>, &'static str> {
    Ok(match item {
        Item::Segment(header) => Line::Segment { first: header.first, previous: header.previous.to_string() },
        Item::Event { event, bytes, signature, leaf } => Line::Event {
            event: Json(event),
            leaf: leaf.to_string(),
            bytes: to_base64(bytes),
            signature: signature.map(|signature| to_base64(signature)),
        },
        Item::Tombstone { index, leaf, link } => {
            Line::Tombstone { index: *index, leaf: leaf.to_string(), link: link.to_string() }
        }
        Item::Commit(commit) => Line::Commit {
            size: commit.size,
            root: commit.root.to_string(),
            signature: to_base64(&*commit.signature),
        },
        Item::Runs(entries) => {
            let mut counts = entries.iter().map(segment::run_count);
            if entries.is_empty() || !counts.by_ref().map(|(component, _)| component).is_sorted_by(is_before)
            {
                return Err("a record of runs is not in order");
            }
            let runs = entries.iter().map(segment::run_count);
            Line::Runs { runs: runs.map(|(component, count)| (component.to_string(), count)).collect() }
        }
    })
}

fn is_before(one: &Hash, other: &Hash) -> bool {
    one < other
}

/// Writes a log as lines. Memory does not grow with it.
///
/// # Errors
/// The log cannot be read or is not whole; the lines cannot be written: what is there of them is no export then, and
/// cannot pass for one.
pub fn write<D: Disk>(disk: &D, out: &mut impl Write) -> Result<Exported, ExportError> {
    // Before the end is looked for: what is published is of events that are there.
    let published = published::read(disk)?.map(|published| published.to_string());
    let source = Source::open(disk)?;
    let epochs = disk.read(EPOCHS, EPOCHS_BYTES_MAX).map_err(LogError::read(EPOCHS))?;
    let vkey = published::log_key(source.genesis())?.to_string();
    let mut buffer = Vec::new();
    put_line(out, &mut buffer, &head(source.genesis(), &vkey, epochs.as_deref(), published.as_deref()))?;
    let mut exported = Exported::default();
    source.for_each(0..u64::MAX, |item| {
        match item {
            Item::Event { .. } => exported.events += 1,
            Item::Tombstone { .. } => exported.gone += 1,
            _ => {}
        }
        let line = line(&item).map_err(|why| LogError::damaged("a segment", why))?;
        Ok::<(), ExportError>(put_line(out, &mut buffer, &line)?)
    })?;
    put_line(out, &mut buffer, &Line::End { events: exported.events + exported.gone })?;
    out.flush()?;
    Ok(exported)
}

#[cfg(test)]
mod tests;
