//! Events for a SIEM: the Open Cybersecurity Schema Framework, 1.7, one event a line.
//!
//! Runs are Process Activity, violations and verdicts are Detection Findings, what the operator decides of a skill is
//! Entity Management, an installation is Application Lifecycle, and what the log says of itself is Event Log Activity.
//! What the schema has no place for is in `unmapped`, with the log, the index and the leaf that prove the event.

mod classes;
mod values;

use std::{io::Write, ops::Range};

use serde_json::{Map, Value, json};

use self::{
    classes::Mapped,
    values::{PRODUCT, clipped, uid},
};
use super::{
    ExportError, Exported, put_line,
    source::{Item, Source},
};
use crate::{
    Event, Hash,
    body::Genesis,
    disk::Disk,
    show::{Field, fields, summary, time},
};

/// The version of the schema.
pub const VERSION: &str = "1.7.0";

/// Writes these events of a log, a line each. What was pruned is left out, and counted. Memory does not grow with them.
///
/// # Errors
/// The log cannot be read or is not whole; the lines cannot be written.
pub fn write<D: Disk>(disk: &D, events: Range<u64>, out: &mut impl Write) -> Result<Exported, ExportError> {
    let source = Source::open(disk)?;
    let mut exported = Exported::default();
    let mut buffer = Vec::new();
    source.for_each(events, |item| {
        match item {
            Item::Event { event, leaf, .. } => {
                put_line(out, &mut buffer, &record(source.genesis(), event, leaf))?;
                exported.events += 1;
            }
            Item::Tombstone { .. } => exported.gone += 1,
            _ => {}
        }
        Ok::<(), ExportError>(())
    })?;
    out.flush()?;
    Ok(exported)
}

/// An event of a log as the schema has it.
#[must_use]
pub fn record(genesis: &Genesis, event: &Event, leaf: Hash) -> Value {
    let Mapped { class, activity, severity, fields: mut record, mapped } = classes::map(genesis, event);
    let log = event.log.to_string();
    let mut unmapped = Map::new();
    unmapped.insert("log".into(), json!(log));
    unmapped.insert("index".into(), json!(event.index));
    unmapped.insert("leaf".into(), json!(leaf.to_string()));
    unmapped.insert("epoch".into(), json!(event.epoch));
    for (name, field) in fields(&event.body) {
        if field != Field::None && !mapped.contains(&name) {
            unmapped.insert(name.into(), json!(field));
        }
    }
    let (activity_id, activity_name) = activity;
    let common = json!({
        "activity_id": activity_id,
        "activity_name": activity_name,
        "category_uid": class.uid / 1000,
        "class_name": class.name,
        "class_uid": class.uid,
        "message": summary(event),
        "metadata": metadata(genesis, event),
        "severity_id": severity as u32,
        "time": clipped(event.time_ms),
        "type_uid": class.uid * 100 + activity_id,
        "unmapped": unmapped,
    });
    if let Value::Object(common) = common {
        record.extend(common);
    }
    Value::Object(record)
}

fn metadata(genesis: &Genesis, event: &Event) -> Value {
    let uid = uid(event, event.index);
    let mut metadata = json!({
        "event_code": event.body.kind(),
        "log_name": genesis.origin,
        "log_provider": PRODUCT,
        "original_event_uid": uid,
        "product": { "name": PRODUCT, "vendor_name": PRODUCT },
        "uid": uid,
        "version": VERSION,
    });
    if let Some(time) = time(event.time_ms) {
        metadata["original_time"] = time.into();
    }
    // A number of 32 bits there.
    if let Ok(sequence) = i32::try_from(event.index) {
        metadata["sequence"] = sequence.into();
    }
    metadata
}

#[cfg(test)]
mod tests;
