//! An event as people read it: a few lines, or JSON.
//!
//! Skills choose names and lines. In lines for people those are quoted and escaped, so that none of them can
//! move the cursor, turn the direction of the text, or pass for a line of ours.

mod fields;

use jiff::{Timestamp, fmt::temporal::DateTimePrinter};
use serde::{Serialize, Serializer, ser::SerializeMap};

pub(crate) use self::fields::{Field, fields};
use crate::{Body, Event, body::flags, text::quoted};

/// Characters after which a line for people is broken, between two fields.
const LINE_CHARS: usize = 100;
/// Entries of a list that people are shown. Stops one event from filling a screen.
const SHOWN_MAX: usize = 8;

/// That time in RFC 3339, in UTC, with milliseconds; none after the year 9999.
#[must_use]
pub fn time(time_ms: u64) -> Option<String> {
    const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(3));
    let time = Timestamp::from_millisecond(i64::try_from(time_ms).ok()?).ok()?;
    let mut text = String::new();
    PRINTER.print_timestamp(&time, &mut text).ok()?;
    Some(text)
}

/// Seconds since 1970, as people read them, in UTC.
#[must_use]
pub fn time_of_seconds(seconds: u64) -> String {
    const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(0));
    let mut text = String::new();
    match i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_second(seconds).ok()) {
        Some(time) if PRINTER.print_timestamp(&time, &mut text).is_ok() => text,
        _ => format!("second {seconds}"),
    }
}

/// An event as JSON: index, kind, timestamp, epoch, log, link of the event before, and its body. Hashes are in hexadecimal digits; what is not
/// known is null.
#[derive(Debug, Clone, Copy)]
pub struct Json<'a>(pub &'a Event);

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(event) = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("index", &event.index)?;
        map.serialize_entry("kind", event.body.kind())?;
        map.serialize_entry("timestamp", &time(event.time_ms))?;
        map.serialize_entry("epoch", &event.epoch)?;
        map.serialize_entry("log", &event.log.to_string())?;
        map.serialize_entry("previous_event_hash", &event.previous.to_string())?;
        map.serialize_entry("body", &BodyJson(&event.body))?;
        map.end()
    }
}

struct BodyJson<'a>(&'a Body);

impl Serialize for BodyJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(fields(self.0))
    }
}

/// An event as a few lines, without newlines: what and when, then what it says.
#[must_use]
pub fn lines(event: &Event) -> Vec<String> {
    let time = time(event.time_ms).unwrap_or_else(|| format!("{} ms", event.time_ms));
    let kind = event.body.kind();
    let mut lines = vec![format!("event {}: {kind}, {time}, epoch {}", event.index, event.epoch)];
    let mut line = String::new();
    for (name, field) in fields(&event.body) {
        let Some(value) = words(&field) else { continue };
        let word = format!("{} {value}", name.replace('_', " "));
        if !line.is_empty() && line.chars().count() + word.chars().count() > LINE_CHARS {
            lines.push(format!("  {line}"));
            line.clear();
        }
        if !line.is_empty() {
            line += ", ";
        }
        line += &word;
    }
    if !line.is_empty() {
        lines.push(format!("  {line}"));
    }
    lines
}

/// A field for people; none if it says nothing.
fn words(field: &Field<'_>) -> Option<String> {
    let list = |words: Vec<String>, count: usize| match count {
        0 => None,
        _ if count > words.len() => Some(format!("{} and {} more", words.join(" "), count - words.len())),
        _ => Some(words.join(" ")),
    };
    match field {
        Field::None => None,
        Field::Text(text) => Some(quoted(text)),
        Field::Texts(texts) => {
            list(texts.iter().take(SHOWN_MAX).map(|text| quoted(text)).collect(), texts.len())
        }
        Field::Name(name) => Some((*name).to_owned()),
        Field::Names(names) => list(names.clone(), names.len()),
        Field::Number(number) => Some(number.to_string()),
        Field::Truth(truth) => Some(if *truth { "yes" } else { "no" }.to_owned()),
        Field::Hash(hash) => Some(hash.short()),
        Field::Hashes(hashes) => {
            list(hashes.iter().take(SHOWN_MAX).map(|hash| hash.short()).collect(), hashes.len())
        }
    }
}

/// An event in one line, without the newline.
#[must_use]
pub fn summary(event: &Event) -> String {
    match &event.body {
        Body::Genesis(genesis) => match &genesis.predecessor {
            None => format!("the log {} begins", quoted(&genesis.origin)),
            Some(before) => format!(
                "the log {} begins, in the place of {} with {} events: {}",
                quoted(&genesis.origin),
                before.log.short(),
                before.size,
                quoted(&before.reason)
            ),
        },
        Body::Run(run) => {
            let status = run.status.map_or("no status".to_owned(), |status| format!("status {status}"));
            let broke = if run.flags & flags::VIOLATION == 0 { "" } else { ", against its envelope" };
            let (skill, place) = (quoted(&run.skill), run.place.as_str());
            format!("the skill {skill} ran: {place}, {status}, fuel {}{broke}", run.fuel)
        }
        Body::Violation(violation) => {
            let was = if violation.denied { "refused" } else { "let pass" };
            format!("{} uses outside the envelope of {}, {was}", violation.count, violation.component.short())
        }
        Body::Verdict(verdict) => {
            let (name, reason) = (quoted(&verdict.verdict), quoted(&verdict.reason));
            format!("the verdict on {} is {name}: {reason}", verdict.component.short())
        }
        Body::Grant(grant) if grant.bindings.is_empty() => {
            format!("all was taken back from the skill {}", quoted(&grant.skill))
        }
        Body::Grant(grant) => format!("the skill {} was granted what it asks for", quoted(&grant.skill)),
        Body::Quarantine(decision) => {
            format!(
                "the skill {} was put in quarantine: {}",
                quoted(&decision.skill),
                quoted(&decision.reason)
            )
        }
        Body::Release(decision) => {
            format!(
                "the skill {} was let out of quarantine: {}",
                quoted(&decision.skill),
                quoted(&decision.reason)
            )
        }
        Body::Trust(trust) => format!("the trust in {} is {} of 1000", trust.component.short(), trust.trust),
        Body::KeyEpoch(_) => format!("epoch {} begins", event.epoch),
        Body::SamplingCommit(commit) => format!("the secret of sampling period {} is settled", commit.period),
        Body::SamplingReveal(reveal) => format!("the secret of sampling period {} is told", reveal.period),
        Body::Close => "whoever wrote ended in order".to_owned(),
        Body::Install(install) => {
            format!(
                "the skill {} was installed, version {}",
                quoted(&install.skill),
                quoted(&install.version)
            )
        }
        Body::Summary(summary) => {
            format!("the {} events before come to {}", event.index, summary.root.short())
        }
    }
}

#[cfg(test)]
mod tests;
