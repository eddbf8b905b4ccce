//! A time: from when to when, how often again, and counted from what.

use std::sync::Arc;

use invar_trace::Behaviour;
use invar_world::{Change, Timestamp};

use crate::{
    Baseline, Boundary, LabError, Question, TriggerKind,
    class::environment::{control::ControlRun, flip::counted_from, solved::query::PartQuery},
    results::Part,
    source::Source,
    text,
};

const S: u64 = 1_000_000_000;

const MINUTE: u64 = 60 * S;

const HOUR: u64 = 60 * MINUTE;

const DAY: u64 = 24 * HOUR;

/// Steps away from a time that fires, until one does not.
const STEPS: [u64; 12] = [
    S,
    10 * S,
    MINUTE,
    10 * MINUTE,
    HOUR,
    6 * HOUR,
    DAY,
    7 * DAY,
    31 * DAY,
    366 * DAY,
    1830 * DAY,
    5500 * DAY,
];

/// The window around a time that fires.
struct Window {
    /// The last second before it; none: it reaches back to the start.
    before: Option<Timestamp>,
    from: Timestamp,
    /// The first second after it; none: it does not end.
    until: Option<Timestamp>,
}

pub(super) fn narrow(
    part: &mut Part,
    found: Timestamp,
    control: &ControlRun,
    query: &mut PartQuery<'_>,
) -> Result<(), LabError> {
    let start = query.lab.started(control.run);
    let window = window(found, start, &Change::Clock, query)?;
    let window = first_again(part, window, start, query)?;
    say(part, &window);
    part.change = Change::Clock(window.from);
    let Some(before) = window.before else { return Ok(()) };
    part.bisected = true;
    part.boundary = Boundary::clock(before, window.from);
    // A skill that has not run before does not mind the time: it counts from a run that it remembers.
    if control.run > 1 && query.others.is_empty() {
        let fresh = query.lab.ask(&[
            Question::again(1),
            Question::changed(1, Change::Clock(window.from)),
            Question::changed(1, Change::Clock(found)),
        ])?;
        let usual = Baseline::of(&fresh[..1]);
        let is_usual = |run: &Arc<Behaviour>| {
            let deviations = usual.compare(run.as_ref());
            control.without_what_moves(deviations, run, [&Source::Clock]).is_empty()
        };
        let shows_fresh = !fresh[1..].iter().all(is_usual);
        if !shows_fresh {
            let (since, words) = counted_from(control.run, window.from, query.shows, query.lab)?;
            let start = query.lab.started(since);
            part.kind = TriggerKind::ElapsedTime;
            part.boundary = Boundary::elapsed(start, before, window.from);
            let span = text::span(window.from.0.saturating_sub(start.0));
            part.condition = match window.until {
                None => format!("{span} or more have passed since {words}"),
                Some(until) => format!(
                    "between {span} and {} have passed since {words}",
                    text::span(until.0.saturating_sub(start.0))
                ),
            };
        }
    }
    Ok(())
}

/// The edges of a time that is no clock's: a file's.
pub(super) fn edges(
    part: &mut Part,
    found: Timestamp,
    with: &dyn Fn(Timestamp) -> Change,
    query: &mut PartQuery<'_>,
) -> Result<(), LabError> {
    let window = window(found, Timestamp(0), with, query)?;
    part.bisected = window.before.is_some() || window.until.is_some();
    say(part, &window);
    if let Some(before) = window.before {
        part.boundary = Boundary::clock(before, window.from);
    } else if let Some(until) = window.until {
        part.boundary = Boundary { from: None, to: Some(until.to_string()) };
    }
    Ok(())
}

fn say(part: &mut Part, window: &Window) {
    let again = part.condition.strip_prefix("again ").map(str::to_owned);
    part.condition = match (window.before, window.until, again) {
        (_, Some(until), Some(again)) => {
            format!("the wall clock is from {} to before {until}, {again}", window.from)
        }
        (Some(_), None, _) => format!("the wall clock is at or after {}", window.from),
        (Some(_), Some(until), None) => format!("the wall clock is from {} to before {until}", window.from),
        (None, Some(until), None) => format!("before {until}"),
        (None, None, _) => format!("the wall clock shows {}", window.from),
    };
}

/// The times next to `found` at which it flips, to the second.
fn window(
    found: Timestamp,
    start: Timestamp,
    with: &dyn Fn(Timestamp) -> Change,
    query: &mut PartQuery<'_>,
) -> Result<Window, LabError> {
    let second = |time: Timestamp| Timestamp(time.0 / S * S);
    let back: Vec<Timestamp> =
        STEPS.iter().map(|step| Timestamp(found.0.saturating_sub(*step).max(start.0))).collect();
    let ahead: Vec<Timestamp> = STEPS.iter().map(|step| found.after(*step)).collect();
    let mut from = found;
    let mut before = None;
    let shown = query.show(&back.iter().map(|time| with(*time)).collect::<Vec<_>>())?;
    if let Some(at) = shown.iter().position(|shown| !*shown) {
        let near = if at == 0 { found } else { back[at - 1] };
        let (low, high) = bisect(second(back[at]), near, with, query)?;
        (before, from) = (Some(low), high);
    }
    let mut until = None;
    let shown = query.show(&ahead.iter().map(|time| with(*time)).collect::<Vec<_>>())?;
    if let Some(at) = shown.iter().position(|shown| !*shown) {
        let near = if at == 0 { found } else { ahead[at - 1] };
        until = Some(bisect(ahead[at], near, with, query)?.0);
    }
    Ok(Window { before, from, until })
}

/// From a time that does not show to one that does: the last second without, the first with, in that direction.
fn bisect(
    without: Timestamp,
    with: Timestamp,
    change: &dyn Fn(Timestamp) -> Change,
    query: &mut PartQuery<'_>,
) -> Result<(Timestamp, Timestamp), LabError> {
    let is_ahead = with > without;
    let (mut out, mut inside) = match is_ahead {
        true => (without.0 / S, with.0.div_ceil(S)),
        false => (without.0.div_ceil(S), with.0 / S),
    };
    while out.abs_diff(inside) > 1 {
        let middle = out.midpoint(inside);
        match query.show(&[change(Timestamp(middle * S))])?[0] {
            true => inside = middle,
            false => out = middle,
        }
    }
    Ok((Timestamp(out * S), Timestamp(inside * S)))
}

/// Whether a window comes again; if so, the first of them after the start, and words for it in the part.
fn first_again(
    part: &mut Part,
    window: Window,
    start: Timestamp,
    query: &mut PartQuery<'_>,
) -> Result<Window, LabError> {
    const PERIODS: [(u64, &str); 4] = [
        (MINUTE, "of every minute"),
        (HOUR, "of every hour"),
        (DAY, "of every day"),
        (7 * DAY, "of every week"),
    ];
    let (Some(_), Some(until)) = (window.before, window.until) else { return Ok(window) };
    let inside = Timestamp(window.from.0.midpoint(until.0));
    for (period, words) in PERIODS {
        if until.0 - window.from.0 >= period {
            continue;
        }
        let again = [1, 2, 3, 5].map(|times| Change::Clock(inside.after(times * period)));
        if query.show(&again)? != [true; 4] {
            continue;
        }
        part.condition = format!("again {}", in_words(period, words, window.from, until));
        let back = window.from.0.saturating_sub(start.0) / period * period;
        let shifted = Timestamp(window.from.0 - back);
        // The first after the start may lie partly before it.
        let is_there = back > 0 && query.show(&[Change::Clock(shifted)])? == [true];
        return Ok(match is_there {
            true => Window {
                before: window.before.map(|before| Timestamp(before.0 - back)),
                from: shifted,
                until: Some(Timestamp(until.0 - back)),
            },
            false => window,
        });
    }
    // Once a year: the same day and hour of the next ones.
    let years = [1, 2, 3].map(|years| Change::Clock(crate::calendar::years_after(inside, years)));
    if query.show(&years)? == [true; 3] {
        part.condition = "again on that date of every year".into();
    }
    Ok(window)
}

/// `Tuesdays 03:40 to 03:50`
fn in_words(period: u64, words: &str, from: Timestamp, until: Timestamp) -> String {
    let (day, length) = (crate::calendar::weekday_of(from), until.0.saturating_sub(from.0));
    let (from, until) = (from.to_string(), until.to_string());
    let clock = |time: &str, from: usize, to: usize| time.get(from..to).unwrap_or_default().to_owned();
    match period {
        MINUTE => format!("second {} {words}", clock(&from, 17, 19)),
        HOUR => format!("minute {} {words}", clock(&from, 14, 16)),
        DAY => format!("from {} to {} {words}", clock(&from, 11, 16), clock(&until, 11, 16)),
        _ => match (clock(&from, 11, 16).as_str(), clock(&until, 11, 16).as_str()) {
            ("00:00", "00:00") if length == DAY => format!("on {day}s (UTC)"),
            (from, until) => format!("{day}s from {from} to {until} (UTC)"),
        },
    }
}
