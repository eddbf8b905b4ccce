//! What is tried once no comparison waits any more: values for conditions that none has made, inside other conditions.
//! There are many of them, and what is tried for them must not use up what comparisons need.

use super::{
    ExploredState, Search, SiteSet, StopReason, Trial,
    candidates::Candidate,
    state::State,
    waiting::{Later, Work},
};
use crate::inputs::changes;

/// Work that is put off. Stops many states from filling memory with values.
const LATER_MAX: usize = 512;

impl Search<'_, '_> {
    /// Puts off what is not for a comparison, inside a condition; returns the rest.
    pub(super) fn put_off(&mut self, state: &State, all: Vec<Candidate>) -> Vec<Candidate> {
        if state.parent.is_none() {
            return all;
        }
        let is_raw = |candidate: &Candidate| candidate.aim.is_some_and(|aim| self.outcomes.is_raw(aim.site));
        let (later, now): (Vec<_>, Vec<_>) = all.into_iter().partition(is_raw);
        if !later.is_empty() {
            self.add_later(state, Work::Try(later));
        }
        now
    }

    pub(super) fn add_later(&mut self, state: &State, work: Work) {
        match self.later.len() < LATER_MAX {
            true => self.later.push_back(Later { state: state.clone(), work }),
            false => self.unfollowed += 1,
        }
    }

    /// Tries what was put off first; false if there is nothing more.
    pub(super) fn try_later(&mut self) -> Result<bool, StopReason> {
        let Some(Later { state, work }) = self.later.pop_front() else { return Ok(false) };
        let Some(changes) = changes(&state.assignment, &self.first) else { return Ok(true) };
        let trial = Trial { changes, more: state.more.clone(), ..Trial::default() };
        let Some(seen) = self.run(&[trial])?.pop() else { return Ok(true) };
        let sites = SiteSet::of(&seen.log.sites(), self.plan.sites.len());
        self.states.push(ExploredState { assignment: state.assignment.clone(), sites });
        match work {
            Work::Try(all) => self.try_all(&state, &seen, all)?,
            Work::Enumerate(source, value, values, sites) => {
                self.enumerate_values(&state, &source, &value, &seen, (&values, &sites))?;
            }
        }
        Ok(true)
    }
}
