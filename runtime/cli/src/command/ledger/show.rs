//! `invar ledger show`: events; nothing is verified.

use std::collections::VecDeque;

use invar_ledger::{
    Event, Hash,
    reader::{self, Entry},
    segment, show,
};

use super::trail::ReadTrail;
use crate::{
    args::{Format, ShowArgs},
    error::Outcome,
    exit,
    home::Home,
    out::Out,
};

pub(super) fn show(home: &Home, args: &ShowArgs, out: &mut Out) -> Outcome {
    let trail = ReadTrail::of(home, args.from.as_deref())?;
    if let Some(index) = args.event {
        let (entry, leaf) = trail.entry(index)?;
        out.result(&one(index, &entry, leaf, args.format));
        return Ok(exit::DONE);
    }
    let size = size(&trail)?;
    let from = size.saturating_sub(args.last);
    let is_wanted = |event: &Event| {
        let kind = args.kind.as_ref().is_none_or(|kind| *kind == event.body.kind());
        let skill = args.skill.as_ref().is_none_or(|skill| event.body.skill() == Some(skill));
        kind && skill
    };
    let mut lines = VecDeque::new();
    // With a filter, all that match; otherwise the last ones.
    let from = if args.kind.is_some() || args.skill.is_some() { 0 } else { from };
    reader::for_each(&trail.disk, from, |index, entry, leaf| {
        let is_shown = match &entry {
            Entry::Event { event, .. } => is_wanted(event),
            Entry::Tombstone => args.kind.is_none() && args.skill.is_none(),
        };
        if is_shown {
            lines.push_back(match (&entry, args.format) {
                (Entry::Event { event, .. }, Format::Human) => {
                    let time = show::time(event.time_ms).unwrap_or_default();
                    format!("{index:>6}  {time}  {:<10}  {}\n", event.body.kind(), show::summary(event))
                }
                (Entry::Tombstone, Format::Human) => {
                    format!("{index:>6}  pruned: leaf {}\n", leaf.short())
                }
                _ => one(index, &entry, leaf, args.format),
            });
            if lines.len() as u64 > args.last {
                lines.pop_front();
            }
        }
        true
    })
    .map_err(|error| trail.error(error))?;
    lines.iter().for_each(|line| out.result(line));
    Ok(exit::DONE)
}

/// How many events there are, by the last segment.
fn size(trail: &ReadTrail) -> Outcome<u64> {
    let segments = segment::all(&trail.disk).map_err(|source| {
        trail.error(invar_ledger::LogError::Read { name: "the directory".into(), source })
    })?;
    let Some(last) = segments.last() else { return Ok(0) };
    let mut size = *last;
    reader::for_each(&trail.disk, *last, |index, _, _| {
        size = index + 1;
        true
    })
    .map_err(|error| trail.error(error))?;
    Ok(size)
}

fn one(index: u64, entry: &Entry, leaf: Hash, format: Format) -> String {
    match (entry, format) {
        (Entry::Event { event, .. }, Format::Human) => format!("{}\n", show::lines(event).join("\n")),
        (Entry::Event { event, .. }, Format::Json) => format!("{:#}\n", serde_json::json!(show::Json(event))),
        (Entry::Tombstone, Format::Human) => format!("event {index} was pruned; its leaf is {leaf}\n"),
        (Entry::Tombstone, Format::Json) => {
            format!("{:#}\n", serde_json::json!({ "index": index, "gone": true, "leaf": leaf.to_string() }))
        }
    }
}
