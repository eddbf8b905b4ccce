//! Likely times, tried one after the other.

use super::{Observation, Search, StopReason, candidates::Candidate, draft::Draft, state::State};
use crate::{ObservedInputs, Source, Value};

const HOUR: u64 = 3_600_000_000_000;
const DAY: u64 = 24 * HOUR;
/// Of the mean Gregorian year.
const MONTH: u64 = 30 * DAY + 10 * HOUR + 29 * 60_000_000_000;

impl Search<'_, '_> {
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
