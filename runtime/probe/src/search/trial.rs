//! Runs, made in batches and compared with the state that they come from.

use std::collections::BTreeSet;

use super::{
    Observation, Search, StopReason, Trial,
    candidates::{Candidate, OperandChange, of_source},
    names::is_name_of,
    outcomes::News,
    perturb::{self, Perturbation, coarse, fine, sniff},
    reached::{FirstOperands, bytes_of},
    state::{HITS_MAX, Pass, QUICK_BYTES, State},
};
use crate::{
    Assignment, Log, Source, Value,
    inputs::{changes, fingerprint},
};

/// Runs that are asked for at once: merged in their order, so that the result is the same on any number of cores.
const BATCH: usize = 64;
/// And at least so many, however much each reports.
const BATCH_MIN: usize = 8;
/// Bytes of all values that are tried at once. Stops long inputs from being held many times over.
const BATCH_BYTES: usize = 16 << 20;
/// Hits that the runs of a batch may report, by the most that one has reported. Stops a component of a million
/// comparisons from filling memory with them.
const BATCH_HITS: usize = 4_000_000;
/// Hits that are kept of one perturbation, and of all that are made for one source before only few are. Stops a
/// source that moves everything from filling memory.
const MOVED_MAX: usize = 16_384;
const MOVED_FEW: usize = 256;
const MOVED_OF_A_SOURCE_MAX: usize = 1_000_000;

impl Search<'_, '_> {
    /// Runs to ask for at once.
    pub(super) fn batch(&self) -> usize {
        (BATCH_HITS / self.most_hits.max(1)).clamp(BATCH_MIN, BATCH)
    }

    /// Whether an assignment was never tried; now it is.
    pub(super) fn is_new(&mut self, assignment: &Assignment) -> bool {
        self.tried.insert(fingerprint(assignment))
    }

    pub(super) fn run(&mut self, trials: &[Trial]) -> Result<Vec<Observation>, StopReason> {
        let seen = self.bench.run(trials)?;
        self.runs += trials.len() as u64;
        for observation in &seen {
            self.executed.note(self.plan.sites, &observation.log);
            self.most_hits = self.most_hits.max(observation.log.len());
        }
        Ok(seen)
    }

    /// Whether a comparison that the state before did not reach depends on a source.
    pub(super) fn has_new_dependency(
        &mut self,
        state: &State,
        source: &Source,
        value: &Value,
        (seen, fresh): (&Observation, &BTreeSet<u32>),
    ) -> Result<bool, StopReason> {
        let answers = self.perturb(state, seen, source, sniff(source, value))?;
        Ok(answers.iter().flat_map(|(_, moved)| moved).any(|moved| fresh.contains(&moved.at.site)))
    }

    /// Changes one source a little, in many ways, and solves for values that flip branches.
    pub(super) fn candidates_for(
        &mut self,
        state: &State,
        source: &Source,
        value: &Value,
        seen: &Observation,
    ) -> Result<Vec<Candidate>, StopReason> {
        if state.pass == Pass::Loop {
            // It is known to be looked at byte by byte.
            let answers = self.perturb(state, seen, source, fine(value, |_| true))?;
            return Ok(of_source(source, value, &answers, &self.outcomes));
        }
        let mut answers = self.perturb(state, seen, source, coarse(source, value))?;
        let minds: Vec<bool> = answers
            .iter()
            .map(|(_, moved)| moved.iter().any(|moved| self.outcomes.is_waiting(moved.at.site)))
            .collect();
        if minds.contains(&true) {
            let blocks = match value {
                Value::Bytes(bytes) => perturb::blocks(bytes).len(),
                _ => 0,
            };
            // The blocks stand behind what is coarser, in their order.
            let first = answers
                .iter()
                .position(|(perturbation, _)| matches!(perturbation.meaning, perturb::Meaning::Step { .. }))
                .unwrap_or(answers.len())
                .saturating_sub(blocks);
            let by_block = minds.clone();
            let in_block = move |block: usize| by_block.get(first + block).copied().unwrap_or(false);
            answers.extend(self.perturb(state, seen, source, fine(value, in_block))?);
        }
        for OperandChange { at, .. } in answers.iter().flat_map(|(_, moved)| moved) {
            if self.outcomes.comparison(at.site).is_some() {
                self.outcomes.taint(*at, source, self.states.len() - 1);
            }
        }
        self.enumerate(state, source, value, seen, &answers)?;
        let mut all = of_source(source, value, &answers, &self.outcomes);
        if let (Source::Wall, Value::Time(ns)) = (source, value) {
            all.extend(self.calendar(*ns, &answers));
        }
        Ok(all)
    }

    pub(super) fn perturb(
        &mut self,
        state: &State,
        base: &Observation,
        source: &Source,
        all: Vec<Perturbation>,
    ) -> Result<Vec<(Perturbation, Vec<OperandChange>)>, StopReason> {
        let (mut answers, mut kept) = (Vec::new(), 0);
        for batch in all.chunks(self.batch()) {
            let made: Vec<(Assignment, &Perturbation)> = batch
                .iter()
                .map(|perturbation| {
                    let mut assignment = state.assignment.clone();
                    assignment.insert(source.clone(), perturbation.value.clone());
                    (assignment, perturbation)
                })
                .collect();
            let assignments: Vec<Assignment> =
                made.iter().map(|(assignment, _)| assignment.clone()).collect();
            for (at, seen) in self.make(&assignments, &state.more)? {
                let is_new = self.take(base, source, &assignments[at], &seen)?;
                // Long texts with everything flipped are no state that leads anywhere.
                let is_short = made[at].1.value.len().is_none_or(|len| len <= QUICK_BYTES);
                if is_new > News::None && is_short {
                    self.push(state, source, assignments[at].clone(), is_new);
                }
                let most = if kept < MOVED_OF_A_SOURCE_MAX { MOVED_MAX } else { MOVED_FEW };
                let moved = base.log.changed(&seen.log).map(|(at, before, after)| OperandChange {
                    at,
                    before: *before,
                    after: *after,
                });
                let moved: Vec<OperandChange> = moved.take(most).collect();
                kept += moved.len();
                self.unfollowed += u64::from(moved.len() == most);
                answers.push((made[at].1.clone(), moved));
            }
        }
        Ok(answers)
    }

    /// Runs with these assignments, as far as they can be made; with the index of each.
    pub(super) fn make(
        &mut self,
        assignments: &[Assignment],
        more: &[u32],
    ) -> Result<Vec<(usize, Observation)>, StopReason> {
        let (indices, trials): (Vec<usize>, Vec<Trial>) = assignments
            .iter()
            .enumerate()
            .filter_map(|(at, assignment)| {
                let changes = changes(assignment, &self.first)?;
                Some((at, Trial { changes, more: more.to_vec(), ..Trial::default() }))
            })
            .unzip();
        let seen = self.run(&trials)?;
        Ok(indices.into_iter().zip(seen).collect())
    }

    /// Tries values, each for one source of a state.
    pub(super) fn try_all(
        &mut self,
        state: &State,
        base: &Observation,
        all: Vec<Candidate>,
    ) -> Result<(), StopReason> {
        let mut batch: Vec<(Candidate, Assignment)> = Vec::new();
        let mut first = FirstOperands::new();
        let mut bytes = 0;
        let mut left = all.into_iter();
        loop {
            let next = left.next();
            let is_last = next.is_none();
            if let Some(candidate) = next {
                let mut assignment = state.assignment.clone();
                assignment.insert(candidate.source.clone(), candidate.draft.value());
                if self.is_new(&assignment) {
                    bytes += bytes_of(&assignment);
                    batch.push((candidate, assignment));
                }
            }
            let is_full = batch.len() >= self.batch() || bytes >= BATCH_BYTES;
            if is_full || (is_last && !batch.is_empty()) {
                let assignments: Vec<Assignment> =
                    batch.iter().map(|(_, assignment)| assignment.clone()).collect();
                for (at, seen) in self.make(&assignments, &state.more)? {
                    let (candidate, assignment) = &batch[at];
                    self.note_reached(&mut first, &candidate.source, assignment, (&base.log, &seen.log));
                    let news = self.take(base, &candidate.source, assignment, &seen)?;
                    // Patience is for comparisons: of values that branches take as they are there are many.
                    let is_raw = state.parent.is_none()
                        && candidate.aim.is_some_and(|aim| self.outcomes.is_raw(aim.site));
                    self.latest_news += u64::from(is_raw);
                    let news = match news {
                        News::Reached if self.is_equal_now(candidate, &base.log, &seen.log) => News::Equal,
                        news => news.max(self.aim_news(state, candidate, (&base.log, &seen.log), assignment)),
                    };
                    if news > News::None {
                        self.push(state, &candidate.source, assignment.clone(), news);
                    }
                }
                batch.clear();
                bytes = 0;
            }
            if is_last {
                return Ok(());
            }
        }
    }

    /// Whether two things are equal by the value that was made for it. Where that leads to new code, each of them may have
    /// been equal before: the last letter of a word, behind others.
    fn is_equal_now(&self, candidate: &Candidate, base: &Log, seen: &Log) -> bool {
        !self.plan.is_interpreter
            && candidate.aim.is_some_and(|aim| self.outcomes.became_equal(aim, base, seen))
    }

    /// Whether a value does what it was made for, where all of it has been seen before: in code that is come to from
    /// many places. Few of those are followed, so that no text is spelled in every case.
    pub(super) fn aim_news(
        &mut self,
        state: &State,
        candidate: &Candidate,
        (base, seen): (&Log, &Log),
        assignment: &Assignment,
    ) -> News {
        let len = assignment.get(&candidate.source).and_then(Value::len);
        const FLIPS_MAX: u8 = 2;
        let Some(aim) = candidate.aim.filter(|aim| self.outcomes.became_equal(*aim, base, seen)) else {
            return News::None;
        };
        let is_further = candidate.keeps_length
            && loop_advanced(base.of_site(aim.site).len(), seen.of_site(aim.site).len());
        // A name is compared with many: one byte more of one means little.
        let is_spelled = is_name_of(&candidate.source) && candidate.keeps_length;
        let is_short = !is_spelled && len.is_some_and(|len| len <= QUICK_BYTES);
        let depth = if is_further { state.depth } else { 0 };
        let times = self.flips.entry((candidate.source.clone(), aim, is_further, depth)).or_default();
        *times = times.saturating_add(1);
        match (is_further, is_short) {
            _ if *times > FLIPS_MAX => News::None,
            (true, _) => News::Further,
            (false, true) => News::Flipped,
            (false, false) => News::None,
        }
    }
}

/// Whether a loop went on, by the hits that it reported before and now; past those that are reported it may have.
fn loop_advanced(before: usize, now: usize) -> bool {
    now > before || now == HITS_MAX
}
