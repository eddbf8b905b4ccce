//! Narrows one part of a condition, the others held as they were found.

use invar_trace::Behaviour;
use invar_world::Change;

use crate::{
    Boundary, Lab, LabError,
    class::environment::{
        control::ControlRun,
        solved::{
            count::{self, Counted},
            number,
            query::PartQuery,
            time,
        },
    },
    results::Part,
    source::Source,
    text,
};

/// Closes in on one part, the others held as they were found.
pub(super) fn narrow(
    parts: &[(Source, Change)],
    at: usize,
    counted: Option<Counted<'_>>,
    control: &ControlRun,
    shows: &dyn Fn(&Behaviour) -> bool,
    lab: &mut dyn Lab,
) -> Result<Part, LabError> {
    let (source, change) = parts[at].clone();
    let others: Vec<Change> = parts
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != at)
        .map(|(_, (_, change))| change.clone())
        .collect();
    let mut query = PartQuery { of: control.run, others, shows, lab };
    let mut part = Part::of(source, change.clone());
    match &change {
        Change::Clock(found) => time::narrow(&mut part, *found, control, &mut query)?,
        Change::File { path, content: Some(content) } => {
            if let Some(counted) = counted.filter(|_| parts.len() == 1) {
                count::counted(&mut part, counted);
            } else if !count::narrow(&mut part, path, content, &mut query)? {
                content_of(&mut part, path, content, &mut query)?;
            }
        }
        Change::RandomBytes(_) if parts.len() == 1 => rate(&mut part, &mut query)?,
        Change::Env { name, value: Some(value) } => {
            let with = |value: String| Change::Env { name: name.clone(), value: Some(value) };
            if query.show(&[with(format!("{value}q7"))])? == [true] {
                let shown = query.show(&[with("q7".into())])? == [true];
                if shown {
                    part.condition = format!("environment variable {} is set", name.escape_debug());
                }
            }
            number::narrow(&mut part, value, &with, &mut query)?;
        }
        Change::Arg { index, value } => {
            let with = |value: String| Change::Arg { index: *index, value };
            number::narrow(&mut part, value, &with, &mut query)?;
        }
        Change::Config { key, value: Some(value) } => {
            let with = |value: String| Change::Config { key: key.clone(), value: Some(value) };
            number::narrow(&mut part, value, &with, &mut query)?;
        }
        Change::Field { place, value } => {
            let with = |value: String| Change::Field { place: place.clone(), value };
            number::narrow(&mut part, value, &with, &mut query)?;
        }
        Change::Modified { path, time } => {
            let with = |at| Change::Modified { path: path.clone(), time: at };
            time::edges(&mut part, *time, &with, &mut query)?;
            part.condition = format!("the time of {}: {}", path.escape_debug(), part.condition);
        }
        Change::Advance(ns) => uptime(&mut part, *ns, &mut query)?,
        _ => {}
    }
    Ok(part)
}

/// Whether a file's presence is enough.
fn content_of(
    part: &mut Part,
    path: &str,
    content: &[u8],
    query: &mut PartQuery<'_>,
) -> Result<(), LabError> {
    let with = |content: &[u8]| Change::File { path: path.to_owned(), content: Some(content.to_vec()) };
    if query.show(&[with(b""), with(b"q7\n")])? == [true, true] {
        part.condition = format!("{} is there", path.escape_debug());
        return Ok(());
    }
    let text = String::from_utf8(content.to_vec()).unwrap_or_default();
    let with = |value: String| with(value.as_bytes());
    number::narrow(part, &text, &with, query)
}

/// How often chance does it.
fn rate(part: &mut Part, query: &mut PartQuery<'_>) -> Result<(), LabError> {
    const SEEDS: u64 = 400;
    const BATCH: u64 = 50;
    let mut fired = 0usize;
    for first in (0..SEEDS).step_by(usize::try_from(BATCH).unwrap_or(1)) {
        let seeds: Vec<Change> = (first..first + BATCH).map(Change::Random).collect();
        fired += query.show(&seeds)?.into_iter().filter(|shown| *shown).count();
    }
    let (low, high) = crate::statistics::wilson(fired as u64, SEEDS);
    part.condition = match fired {
        0 => format!("{}; by chance in none of {SEEDS} runs (below {:.1} %)", part.condition, high * 100.0),
        fired => format!(
            "random bytes fall so: {fired} of {SEEDS} runs ({:.1} to {:.1} % at 95 %)",
            low * 100.0,
            high * 100.0
        ),
    };
    Ok(())
}

/// From which time since start on.
fn uptime(part: &mut Part, found: i64, query: &mut PartQuery<'_>) -> Result<(), LabError> {
    const NS_PER_S: i64 = 1_000_000_000;
    let (mut low, mut high) = (0, found / NS_PER_S + 1);
    if low >= high || query.show(&[Change::Advance(high * NS_PER_S)])? != [true] {
        return Ok(());
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        match query.show(&[Change::Advance(middle * NS_PER_S)])?[0] {
            true => high = middle,
            false => low = middle,
        }
    }
    part.change = Change::Advance(high * NS_PER_S);
    part.bisected = true;
    let more = u64::try_from(high * NS_PER_S).unwrap_or(0);
    let span = query.lab.uptime_ns(query.of).saturating_add(more);
    // To the minute: a run takes some time to come to its question.
    const MINUTE: u64 = 60_000_000_000;
    let rounded = span.saturating_add(MINUTE / 2) / MINUTE * MINUTE;
    part.boundary = Boundary { from: None, to: Some(text::iso_duration(rounded)) };
    part.condition = format!("the machine has been up for {} or more", text::span(rounded));
    Ok(())
}
