//! Values of a source tried one after the other, where one picks an entry of a table: no comparison says which entry
//! is waited for, and each value shows another one.

use std::collections::BTreeSet;

use super::{
    Observation, Search, StopReason,
    candidates::OperandChange,
    outcomes::News,
    perturb::{Meaning, Perturbation},
    state::State,
    waiting::{Values, Work},
};
use crate::{Assignment, SiteKind, Source, Value, solve::View};

const SECOND: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;

/// Enumerations of one search.
const ENUMERATIONS_MAX: usize = 12;
/// Values of a number that are tried.
const NUMBERS_MAX: u64 = 1024;
/// A table of which so many values have shown no new entry has no more.
const IDLE_MAX: u64 = 64;
/// Loads and jumps by one source that are looked at.
const SITES_MAX: usize = 64;

impl Search<'_, '_> {
    /// Tries each value of a source that picks an entry of a table, as long as new entries are picked.
    pub(super) fn enumerate(
        &mut self,
        state: &State,
        source: &Source,
        value: &Value,
        base: &Observation,
        answers: &[(Perturbation, Vec<OperandChange>)],
    ) -> Result<(), StopReason> {
        if self.plan.is_interpreter {
            return Ok(());
        }
        let mut wanted: Vec<(Values, BTreeSet<u32>)> = Vec::new();
        let mut known: BTreeSet<u32> = BTreeSet::new();
        for (perturbation, moved) in answers {
            let Some(values) = values_of(&perturbation.meaning) else { continue };
            for at in moved.iter().map(|moved| moved.at.site) {
                let is_new = self.is_index(at)
                    && known.len() < SITES_MAX
                    && !self.enumerated.contains(&(source.clone(), at))
                    && known.insert(at);
                if !is_new {
                    continue;
                }
                match wanted.iter_mut().find(|(known, _)| *known == values) {
                    Some((_, sites)) => {
                        sites.insert(at);
                    }
                    None => wanted.push((values.clone(), BTreeSet::from([at]))),
                }
            }
        }
        for (values, sites) in wanted {
            if self.enumerations >= ENUMERATIONS_MAX {
                return Ok(());
            }
            self.enumerations += 1;
            self.enumerated.extend(sites.iter().map(|site| (source.clone(), *site)));
            if state.parent.is_some() {
                self.add_later(state, Work::Enumerate(source.clone(), value.clone(), values, sites));
                continue;
            }
            let before = self.runs;
            self.enumerate_values(state, source, value, base, (&values, &sites))?;
            // That a table has nothing says nothing of the comparisons that wait.
            self.latest_news += self.runs - before;
        }
        Ok(())
    }

    /// Whether a site picks an entry of a table.
    fn is_index(&self, site: u32) -> bool {
        let kind = self.plan.sites.get(site as usize).map(|site| site.kind);
        matches!(kind, Some(SiteKind::Address | SiteKind::Switch(_) | SiteKind::Indirect(_)))
    }

    pub(super) fn enumerate_values(
        &mut self,
        state: &State,
        source: &Source,
        value: &Value,
        base: &Observation,
        (values, sites): (&Values, &BTreeSet<u32>),
    ) -> Result<(), StopReason> {
        let mut picked: BTreeSet<(u32, u64)> = BTreeSet::new();
        let (mut at, mut idle) = (0, 0);
        let size = self.batch() as u64;
        while idle < IDLE_MAX && at < values.len() {
            let batch = at..(at + size).min(values.len());
            at = batch.end;
            let assignments: Vec<Assignment> = batch
                .filter_map(|nth| {
                    let mut assignment = state.assignment.clone();
                    assignment.insert(source.clone(), values.nth(value, nth)?);
                    Some(assignment)
                })
                .collect();
            for (made, seen) in self.make(&assignments, &state.more)? {
                let news = self.take(base, source, &assignments[made], &seen)?;
                if news > News::None {
                    self.push(state, source, assignments[made].clone(), news);
                }
                let before = picked.len();
                let hits = sites.iter().flat_map(|site| seen.log.of_site(*site));
                picked.extend(hits.map(|hit| (hit.site, hit.left)));
                idle = if picked.len() == before { idle + 1 } else { 0 };
            }
        }
        Ok(())
    }
}

/// The values to try if this change picked another entry.
fn values_of(meaning: &Meaning) -> Option<Values> {
    match meaning {
        Meaning::Step { view: None, from, to } => {
            let step = u64::try_from(to - from).ok()?;
            match step {
                SECOND => Some(Values::Times(SECOND, 3_600)),
                MINUTE => Some(Values::Times(MINUTE, 1_440)),
                HOUR => Some(Values::Times(HOUR, 24 * 7)),
                _ => None,
            }
        }
        Meaning::Step {
            view: Some(view @ (View::Decimal(_) | View::Little(_) | View::Length(_))),
            from,
            to,
        } if to - from == 1 => Some(Values::Numbers(view.clone())),
        _ => None,
    }
}

impl Values {
    fn len(&self) -> u64 {
        match self {
            Self::Times(_, count) => count + 1,
            Self::Numbers(_) => NUMBERS_MAX,
        }
    }

    fn nth(&self, value: &Value, nth: u64) -> Option<Value> {
        match (self, value) {
            (Self::Times(step, _), Value::Time(ns)) => Some(Value::Time(ns.checked_add(step * nth)?)),
            (Self::Numbers(view), Value::Bytes(bytes)) => {
                Some(Value::Bytes(view.put(bytes, i128::from(nth))?.into()))
            }
            _ => None,
        }
    }
}
