//! One of the things that a condition is made of.

use invar_trace::Behaviour;
use invar_world::{Change, Reply};

use super::{count, number, time};
use crate::{
    Boundary, Lab, LabError, Question, TriggerKind,
    class::environment::{sweep::ControlRun, turn::kind},
    finding::Source,
    text,
};

/// One thing that must be otherwise.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) source: Source,
    pub(crate) change: Change,
    pub(crate) kind: TriggerKind,
    /// `environment variable PROD is "1"`
    pub(crate) condition: String,
    pub(crate) boundary: Boundary,
    pub(crate) value: Option<String>,
    pub(crate) first_run: Option<u32>,
    pub(crate) period: Option<u32>,
    /// Where it turns was closed in on.
    pub(crate) bisected: bool,
}

impl Part {
    /// As it was found.
    pub(super) fn of(source: Source, change: Change) -> Self {
        let value = value(&change);
        Self {
            kind: kind(&source),
            condition: condition(&change),
            source,
            change,
            boundary: Boundary::default(),
            value,
            first_run: None,
            period: None,
            bisected: false,
        }
    }
}

/// The value that a change sets, for people; none: it takes something away, or is none.
fn value(change: &Change) -> Option<String> {
    let bytes = |bytes: &[u8]| match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => format!("0x{}", text::hex(bytes)),
    };
    match change {
        Change::Env { value, .. } => value.clone(),
        Change::Arg { value, .. } => Some(value.clone()),
        Change::File { content, .. } => content.as_ref().map(|own| bytes(own).trim_end().to_owned()),
        Change::Stdin(own)
        | Change::Answered { bytes: own, .. }
        | Change::Requested { reply: Reply::Body(own), .. } => Some(bytes(own)),
        Change::Requested { reply: Reply::Status(status), .. } => Some(status.to_string()),
        Change::Requested { reply: Reply::Fails(failure), .. } => Some(failure.to_string()),
        Change::RandomBytes(own) => Some(format!("0x{}", text::hex(own))),
        Change::Dns { addresses, .. } => Some(match addresses.first() {
            Some(address) => address.to_string(),
            None => "nxdomain".into(),
        }),
        _ => None,
    }
}

/// A change as a condition.
fn condition(change: &Change) -> String {
    match change {
        Change::Env { name, value: None } => format!("environment variable {} is unset", name.escape_debug()),
        Change::Env { name, value: Some(value) } => {
            format!("environment variable {} is {}", name.escape_debug(), text::quoted(value.as_bytes()))
        }
        Change::Arg { index, value } => format!("argument {index} is {}", text::quoted(value.as_bytes())),
        Change::File { path, content: None } => format!("{} is absent", path.escape_debug()),
        Change::File { path, content: Some(content) } => {
            format!("{} holds {}", path.escape_debug(), text::quoted(content))
        }
        Change::Stdin(bytes) => format!("the input is {}", text::quoted(bytes)),
        Change::Answered { destination, bytes } => {
            format!("{} answers {}", destination.escape_debug(), text::quoted(bytes))
        }
        Change::Requested { target, reply } => {
            let target = target.escape_debug();
            match reply {
                Reply::Status(status) => format!("{target} answers with status {status}"),
                Reply::Body(body) => format!("{target} answers {}", text::quoted(body)),
                Reply::Fails(failure) => format!("{target} fails: {failure}"),
            }
        }
        Change::Dns { name, addresses } => match addresses.first() {
            Some(address) => format!("{} resolves to {address}", name.escape_debug()),
            None => format!("{} does not resolve", name.escape_debug()),
        },
        Change::RandomBytes(bytes) => format!("random bytes begin with 0x{}", text::hex(bytes)),
        Change::Clock(at) => format!("the wall clock shows {at}"),
        Change::Advance(ns) => {
            format!("the machine has been up for {} longer", text::span(ns.unsigned_abs()))
        }
        Change::Modified { path, time } => format!("{} was last changed at {time}", path.escape_debug()),
        Change::SkipSleep => "waiting passes no time".into(),
        other => format!("{other:?}"),
    }
}

/// Closes in on one part, the others held as they were found.
pub(super) fn close_in(
    parts: &[(Source, Change)],
    at: usize,
    counted: Option<(&[u32], u32)>,
    control: &ControlRun,
    shows: &dyn Fn(&Behaviour) -> bool,
    lab: &mut dyn Lab,
) -> Result<Part, LabError> {
    let (source, change) = parts[at].clone();
    let others: Vec<Change> =
        parts.iter().enumerate().filter(|(own, _)| *own != at).map(|(_, (_, own))| own.clone()).collect();
    let mut asked = Asked { of: control.run, others, shows, lab };
    let mut part = Part::of(source, change.clone());
    match &change {
        Change::Clock(found) => time::close_in(&mut part, *found, control, &mut asked)?,
        Change::File { path, content: Some(content) } => {
            if let Some((fired, total)) = counted.filter(|_| parts.len() == 1) {
                count::counted(&mut part, fired, total);
            } else if !count::close_in(&mut part, path, content, &mut asked)? {
                content_of(&mut part, path, content, &mut asked)?;
            }
        }
        Change::RandomBytes(_) if parts.len() == 1 => rate(&mut part, &mut asked)?,
        Change::Env { name, value: Some(value) } => {
            let with = |value: String| Change::Env { name: name.clone(), value: Some(value) };
            if asked.show(&[with(format!("{value}q7"))])? == [true] {
                let shown = asked.show(&[with("q7".into())])? == [true];
                if shown {
                    part.condition = format!("environment variable {} is set", name.escape_debug());
                }
            }
            number::close_in(&mut part, value, &with, &mut asked)?;
        }
        Change::Arg { index, value } => {
            let with = |value: String| Change::Arg { index: *index, value };
            number::close_in(&mut part, value, &with, &mut asked)?;
        }
        Change::Modified { path, time } => {
            let with = |at| Change::Modified { path: path.clone(), time: at };
            time::edges(&mut part, *time, &with, &mut asked)?;
            part.condition = format!("the time of {}: {}", path.escape_debug(), part.condition);
        }
        Change::Advance(ns) => uptime(&mut part, *ns, &mut asked)?,
        _ => {}
    }
    Ok(part)
}

/// Asks for the run with one part otherwise, and the others as found.
pub(super) struct Asked<'a> {
    pub(super) of: u32,
    pub(super) others: Vec<Change>,
    pub(super) shows: &'a dyn Fn(&Behaviour) -> bool,
    pub(super) lab: &'a mut dyn Lab,
}

impl Asked<'_> {
    /// The question with one part as said.
    pub(super) fn question(&self, change: Change) -> Question {
        let mut changes = self.others.clone();
        changes.push(change);
        // Time since start moves the wall clock too: it goes first.
        changes.sort_by_key(|change| !matches!(change, Change::Advance(_)));
        Question { changes, ..Question::again(self.of) }
    }

    /// Whether each shows what was found.
    pub(super) fn show(&mut self, changes: &[Change]) -> Result<Vec<bool>, LabError> {
        let questions: Vec<Question> = changes.iter().map(|own| self.question(own.clone())).collect();
        Ok(self.lab.ask(&questions)?.iter().map(|run| (self.shows)(run)).collect())
    }
}

/// Whether a file's presence is enough.
fn content_of(part: &mut Part, path: &str, content: &[u8], asked: &mut Asked<'_>) -> Result<(), LabError> {
    let with = |content: &[u8]| Change::File { path: path.to_owned(), content: Some(content.to_vec()) };
    if asked.show(&[with(b""), with(b"q7\n")])? == [true, true] {
        part.condition = format!("{} is there", path.escape_debug());
        return Ok(());
    }
    let text = String::from_utf8(content.to_vec()).unwrap_or_default();
    let with = |value: String| with(value.as_bytes());
    number::close_in(part, &text, &with, asked)
}

/// How often chance does it.
fn rate(part: &mut Part, asked: &mut Asked<'_>) -> Result<(), LabError> {
    const SEEDS: u64 = 400;
    const BATCH: u64 = 50;
    let mut fired = 0usize;
    for first in (0..SEEDS).step_by(usize::try_from(BATCH).unwrap_or(1)) {
        let seeds: Vec<Change> = (first..first + BATCH).map(Change::Random).collect();
        fired += asked.show(&seeds)?.into_iter().filter(|shown| *shown).count();
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
fn uptime(part: &mut Part, found: i64, asked: &mut Asked<'_>) -> Result<(), LabError> {
    const NS_PER_S: i64 = 1_000_000_000;
    let (mut low, mut high) = (0, found / NS_PER_S + 1);
    if low >= high || asked.show(&[Change::Advance(high * NS_PER_S)])? != [true] {
        return Ok(());
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        match asked.show(&[Change::Advance(middle * NS_PER_S)])?[0] {
            true => high = middle,
            false => low = middle,
        }
    }
    part.change = Change::Advance(high * NS_PER_S);
    part.bisected = true;
    let more = u64::try_from(high * NS_PER_S).unwrap_or(0);
    let span = asked.lab.uptime_ns(asked.of).saturating_add(more);
    // To the minute: a run takes some time to come to its question.
    const MINUTE: u64 = 60_000_000_000;
    let rounded = span.saturating_add(MINUTE / 2) / MINUTE * MINUTE;
    part.boundary = Boundary { from: None, to: Some(text::iso_duration(rounded)) };
    part.condition = format!("the machine has been up for {} or more", text::span(rounded));
    Ok(())
}
