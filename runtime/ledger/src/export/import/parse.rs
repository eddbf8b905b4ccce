//! What one line says.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{error::Problem, writer::Writer};
use crate::{
    Event, Hash, SignedCheckpoint,
    disk::Disk,
    epochs::EPOCHS_BYTES_MAX,
    export::{
        jsonl::{self, Line, SCHEMA},
        source::Item,
    },
    position::EVENTS_MAX,
    segment::{Commit, Header, SIGNATURE_BYTES},
    text::{from_base64, quoted},
};

/// What is read of any line. What it says of an event for people is not: it follows from the bytes.
#[derive(Deserialize)]
struct Raw<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    schema: Option<&'a str>,
    log: Option<&'a str>,
    origin: Option<String>,
    vkey: Option<String>,
    epochs: Option<&'a str>,
    checkpoint: Option<String>,
    first: Option<u64>,
    previous: Option<&'a str>,
    bytes: Option<&'a str>,
    #[serde(rename = "monitor_signature")]
    signature: Option<&'a str>,
    size: Option<u64>,
    root: Option<&'a str>,
    index: Option<u64>,
    leaf: Option<&'a str>,
    link: Option<&'a str>,
    runs: Option<BTreeMap<String, u64>>,
    events: Option<u64>,
}

/// Takes a line. True after the last one.
pub(super) fn take<D: Disk>(
    bytes: &[u8],
    is_first: bool,
    writer: &mut Writer<'_, D>,
) -> Result<bool, Problem> {
    let raw: Raw<'_> = serde_json::from_slice(bytes)
        .map_err(|error| Problem::Bad(format!("it is no line of an exported log: {error}")))?;
    if is_first != (raw.kind == "log") {
        return Err("the first line says what the log is, and no other".into());
    }
    match raw.kind {
        "log" => log(&raw, bytes, writer)?,
        "segment" => {
            let header = Header {
                log: writer.log(),
                first: raw.first.ok_or("it has no first event")?,
                previous: hash(raw.previous)?,
            };
            same(&jsonl::line(&Item::Segment(header))?, bytes)?;
            writer.segment(header)?;
        }
        "event" => event(&raw, bytes, writer)?,
        "commit" => {
            let commit = Commit {
                size: raw.size.ok_or("it has no size")?,
                root: hash(raw.root)?,
                signature: signature(raw.signature.ok_or("it has no signature")?)?.into(),
            };
            same(&jsonl::line(&Item::Commit(commit))?, bytes)?;
            writer.commit(&commit)?;
        }
        "gone" => {
            let index = raw.index.ok_or("it has no index")?;
            let (leaf, link) = (hash(raw.leaf)?, hash(raw.link)?);
            same(&jsonl::line(&Item::Tombstone { index, leaf, link })?, bytes)?;
            writer.gone(index, leaf, link)?;
        }
        "runs" => runs(&raw, bytes, writer)?,
        "end" => {
            let events = raw.events.ok_or("it does not say how many events there are")?;
            same(&Line::End { events }, bytes)?;
            writer.end(events)?;
            return Ok(true);
        }
        other => return Err(Problem::Bad(format!("{} is no kind of line", quoted(other)))),
    }
    Ok(false)
}

fn log<D: Disk>(raw: &Raw<'_>, bytes: &[u8], writer: &mut Writer<'_, D>) -> Result<(), Problem> {
    if raw.schema != Some(SCHEMA) {
        let found = quoted(raw.schema.unwrap_or_default());
        return Err(Problem::Bad(format!("it is of the form {found}, and this program reads {SCHEMA}")));
    }
    let (Some(origin), Some(vkey)) = (&raw.origin, &raw.vkey) else {
        return Err("it does not name the log".into());
    };
    let log = hash(raw.log)?;
    let epochs = raw.epochs.map(|text| from_base64(text).ok_or("its epochs are not base64")).transpose()?;
    if epochs.as_ref().is_some_and(|epochs| epochs.len() as u64 > EPOCHS_BYTES_MAX) {
        return Err("it has more epochs than a log can have".into());
    }
    let checkpoint = raw.checkpoint.as_deref().map(|text| {
        SignedCheckpoint::parse(text.as_bytes())
            .map_err(|error| Problem::Bad(format!("invalid published checkpoint: {error}")))
    });
    same(
        &Line::Log {
            schema: SCHEMA,
            log: log.to_string(),
            origin,
            vkey,
            epochs: epochs.as_deref().map(crate::text::to_base64),
            checkpoint: raw.checkpoint.as_deref(),
        },
        bytes,
    )?;
    writer.head(log, origin, vkey, epochs, checkpoint.transpose()?)
}

fn event<D: Disk>(raw: &Raw<'_>, bytes: &[u8], writer: &mut Writer<'_, D>) -> Result<(), Problem> {
    let decoded = raw.bytes.and_then(from_base64).ok_or("it has no bytes in base64")?;
    let event = Event::from_bytes(&decoded).map_err(|error| Problem::Bad(format!("the event {error}")))?;
    let signature = raw.signature.map(signature).transpose()?;
    let item = Item::Event {
        event: &event,
        bytes: &decoded,
        signature: signature.as_ref(),
        leaf: Hash::leaf(&decoded),
    };
    same(&jsonl::line(&item)?, bytes)?;
    writer.event(&decoded, signature.as_ref())
}

fn runs<D: Disk>(raw: &Raw<'_>, bytes: &[u8], writer: &mut Writer<'_, D>) -> Result<(), Problem> {
    let counts = raw.runs.as_ref().ok_or("it has no runs")?;
    let mut entries = Vec::new();
    for (component, count) in counts {
        // So that the next run can be counted.
        if *count > EVENTS_MAX {
            return Err("a component has more runs than a log can have events".into());
        }
        let mut entry = [0; 40];
        entry[..32].copy_from_slice(&hash(Some(component))?.0);
        entry[32..].copy_from_slice(&count.to_le_bytes());
        entries.push(entry);
    }
    same(&jsonl::line(&Item::Runs(&entries))?, bytes)?;
    writer.runs(&entries)
}

/// The line must be the one that is written for what it says.
fn same(line: &Line<'_>, bytes: &[u8]) -> Result<(), Problem> {
    match serde_json::to_vec(line) {
        Ok(expected) if expected == bytes => Ok(()),
        _ => Err("it does not say what its bytes say, or was written by another program".into()),
    }
}

fn hash(text: Option<&str>) -> Result<Hash, Problem> {
    text.and_then(Hash::from_hex).ok_or_else(|| "a hash is missing or invalid".into())
}

fn signature(text: &str) -> Result<[u8; SIGNATURE_BYTES], Problem> {
    from_base64(text)
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| "its signature is not 64 bytes in base64".into())
}
