//! Likely times, tried one after the other.

use super::{
    Observation, Search, StopReason,
    candidates::{Candidate, OperandChange},
    draft::Draft,
    perturb::Perturbation,
    state::State,
};
use crate::{ObservedInputs, Source, Value};

const HOUR: u64 = 3_600_000_000_000;
const DAY: u64 = 24 * HOUR;
/// Of the mean Gregorian year.
const MONTH: u64 = 30 * DAY + 10 * HOUR + 29 * 60_000_000_000;

/// Units that a calendar is tried in, and how many of each: so many are in the next larger one. Minutes go through a day.
const CALENDAR: [(u64, u64); 6] =
    [(60_000_000_000, 1440), (HOUR, 24), (DAY, 31), (7 * DAY, 53), (31 * DAY, 12), (366 * DAY, 20)];

impl Search<'_, '_> {
    /// Times for open comparisons whose operand does not follow the clock in a straight line: a compiler tests for a
    /// remainder by multiplying with an inverse and turning the bits, and no line leads through that. Each comparison has its
    /// calendar once in each unit.
    pub(super) fn calendar(
        &mut self,
        ns: u64,
        answers: &[(Perturbation, Vec<OperandChange>)],
    ) -> Vec<Candidate> {
        let mut found = Vec::new();
        for (unit, times) in CALENDAR {
            let is_of_unit = |perturbation: &Perturbation| matches!(perturbation.value, Value::Time(to) if to == ns.saturating_add(unit));
            let moved = answers.iter().filter(|(perturbation, _)| is_of_unit(perturbation));
            let mut sites: Vec<u32> = Vec::new();
            for change in moved.flat_map(|(_, moved)| moved) {
                let site = change.at.site;
                if self.outcomes.is_open(site) && is_scattered(change) && self.calendars.insert((site, unit))
                {
                    sites.push(site);
                }
            }
            if !sites.is_empty() {
                found.extend((1..=times).map(|nth| {
                    let time = ns.saturating_add(nth * unit);
                    Candidate::guess(Source::Wall, Draft::Whole(Value::Time(time)))
                }));
            }
        }
        found
    }

    /// Every hour of eight days, every day of four hundred, every month of fifteen years.
    pub(super) fn sweep(
        &mut self,
        state: &State,
        base: &Observation,
        inputs: &ObservedInputs,
    ) -> Result<(), StopReason> {
        let Some(wall) = inputs.wall else { return Ok(()) };
        let hours = (1..=192).map(|hours| hours * HOUR);
        let days = (9..=400).map(|days| days * DAY);
        let months = (14..=180).map(|months| months * MONTH);
        let times = hours.chain(days).chain(months);
        let all = times.map(|ns| {
            let time = Draft::Whole(Value::Time(wall.saturating_add(ns)));
            Candidate::guess(Source::Wall, time)
        });
        self.try_all(state, base, all.collect())
    }
}

/// Whether the low half of an operand moved by more than a count of seconds or of larger units does.
fn is_scattered(change: &OperandChange) -> bool {
    const SPAN_MAX: u64 = 1 << 24;
    let is_far = |a: u64, b: u64| {
        let (a, b) = (a & u64::from(u32::MAX), b & u64::from(u32::MAX));
        a.abs_diff(b) > SPAN_MAX
    };
    is_far(change.before.left, change.after.left) || is_far(change.before.right, change.after.right)
}
