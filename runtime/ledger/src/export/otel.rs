//! Events for collectors: OpenTelemetry logs as OTLP/JSON, as its file exporter writes them: each line is a request with
//! the records of some events.

use std::{io::Write, num::NonZero, ops::Range};

use serde_json::{Value, json};

use super::{
    ExportError, Exported, put_line,
    source::{Item, Source},
};
use crate::{
    Body, Event, Hash,
    body::{Genesis, flags},
    disk::Disk,
    show::{Field, fields, summary},
};

/// Records of a line at most, where nobody asks for another number.
// Computed when this is compiled: 512 is not zero.
pub const RECORDS_MAX: NonZero<usize> = NonZero::new(512).unwrap();
/// Bytes of events after which a line ends, whatever their number. Stops long events from making a line that collectors
/// refuse, and that fills memory here.
const EVENTS_BYTES: usize = 256 << 10;

/// Writes these events of a log, at most `records_max` a line. What was pruned is left out, and counted. Memory does not
/// grow with them.
///
/// # Errors
/// The log cannot be read or is not whole; the lines cannot be written.
pub fn write<D: Disk>(
    disk: &D,
    events: Range<u64>,
    records_max: NonZero<usize>,
    out: &mut impl Write,
) -> Result<Exported, ExportError> {
    let source = Source::open(disk)?;
    let mut exported = Exported::default();
    let mut buffer = Vec::new();
    let (mut records, mut bytes_of) = (Vec::new(), 0);
    source.for_each(events, |item| {
        match item {
            Item::Event { event, bytes, leaf, .. } => {
                records.push(record(event, leaf));
                bytes_of += bytes.len();
                exported.events += 1;
            }
            Item::Tombstone { .. } => exported.gone += 1,
            _ => {}
        }
        if records.len() >= records_max.get() || bytes_of >= EVENTS_BYTES {
            bytes_of = 0;
            put_line(out, &mut buffer, &request(source.genesis(), std::mem::take(&mut records)))?;
        }
        Ok::<(), ExportError>(())
    })?;
    if !records.is_empty() {
        put_line(out, &mut buffer, &request(source.genesis(), records))?;
    }
    out.flush()?;
    Ok(exported)
}

/// A request of so many records, all of one log.
fn request(genesis: &Genesis, records: Vec<Value>) -> Value {
    let resource = [
        attribute("service.name", &Field::Name("invar")),
        attribute("host.id", &Field::Hash(genesis.host)),
        attribute("invar.log", &Field::Hash(genesis.log_id())),
        attribute("invar.origin", &Field::Text(&genesis.origin)),
    ];
    json!({
        "resourceLogs": [{
            "resource": { "attributes": resource },
            "scopeLogs": [{ "scope": { "name": "invar.ledger" }, "logRecords": records }],
        }],
    })
}

/// An event as a record of a log: its body is one line for people, its attributes are `invar.` and the names of the fields.
#[must_use]
pub fn record(event: &Event, leaf: Hash) -> Value {
    let (number, text) = severity(&event.body);
    let mut attributes = vec![
        attribute("invar.log", &Field::Hash(event.log)),
        attribute("invar.index", &Field::Number(event.index)),
        attribute("invar.leaf", &Field::Hash(leaf)),
        attribute("invar.kind", &Field::Name(event.body.kind())),
        attribute("invar.epoch", &Field::Number(event.epoch.into())),
    ];
    let known = fields(&event.body).into_iter().filter(|(_, field)| *field != Field::None);
    attributes.extend(known.map(|(name, field)| attribute(&format!("invar.{name}"), &field)));
    // Zero is a time that is not known.
    let nanos = event.time_ms.checked_mul(1_000_000).unwrap_or(0).to_string();
    json!({
        "timeUnixNano": nanos,
        "observedTimeUnixNano": nanos,
        "severityNumber": number,
        "severityText": text,
        "eventName": format!("invar.{}", event.body.kind()),
        "body": { "stringValue": summary(event) },
        "attributes": attributes,
    })
}

/// How much it matters, by the numbers of OpenTelemetry.
fn severity(body: &Body) -> (u32, &'static str) {
    const INFO: (u32, &str) = (9, "INFO");
    const WARN: (u32, &str) = (13, "WARN");
    const ERROR: (u32, &str) = (17, "ERROR");
    match body {
        Body::Violation(violation) if !violation.denied => ERROR,
        Body::Run(run) if run.flags & (flags::VIOLATION | flags::DENIED | flags::STOPPED) != 0 => WARN,
        Body::Verdict(verdict) if verdict.verdict != "CONSISTENT" => WARN,
        Body::Violation(_) | Body::Quarantine(_) => WARN,
        _ => INFO,
    }
}

fn attribute(key: &str, field: &Field<'_>) -> Value {
    json!({ "key": key, "value": value(field) })
}

fn value(field: &Field<'_>) -> Value {
    let text = |text: &str| json!({ "stringValue": text });
    let list = |values: Vec<Value>| json!({ "arrayValue": { "values": values } });
    match field {
        Field::None => json!({}),
        Field::Text(value) => text(value),
        Field::Name(value) => text(value),
        Field::Texts(values) => list(values.iter().map(|value| text(value)).collect()),
        Field::Names(values) => list(values.iter().map(|value| text(value)).collect()),
        // Integers are strings there, and have a sign; one that is too large is a text.
        Field::Number(number) => match i64::try_from(*number) {
            Ok(number) => json!({ "intValue": number.to_string() }),
            Err(_) => text(&number.to_string()),
        },
        Field::Truth(truth) => json!({ "boolValue": truth }),
        Field::Hash(hash) => text(&hash.to_string()),
        Field::Hashes(hashes) => list(hashes.iter().map(|hash| text(&hash.to_string())).collect()),
    }
}

#[cfg(test)]
mod tests;
