//! The search: from the comparisons of a run to inputs that change what it does.
//!
//! A state is a run with some sources saying something else. Each state is run, its sources are changed a little
//! one by one, and where that shows in a comparison, the values are worked out with which the comparison comes out
//! the other way. Runs with those are made; one in which a comparison comes out as it never did is a new state,
//! and one that does what was never done is found. So conditions within conditions are solved one after the other.

mod bench;
mod candidates;
mod draft;
mod enumerate;
mod find;
mod force;
mod known;
mod later;
mod literals;
mod locate;
mod names;
mod outcomes;
mod perturb;
mod plan;
mod queue;
mod reached;
mod result;
mod running;
mod state;
mod sweep;
mod trial;
mod unions;
mod waiting;

use std::collections::BTreeSet;

pub use bench::{Bench, Flip, FlipTo, Observation, Progress, StopReason, Trial};
use candidates::{of_texts, texts};
pub use known::known;
use names::is_name_of;
pub use plan::{DEPTH_MAX, Declares, Plan, Reach};
pub use result::{Condition, LocatedBranch, SearchOutcome};
use running::Search;
use state::{EQUAL, ExploredState, HITS_MAX, Pass, QUICK_BYTES, SiteSet, State};

use crate::{Log, Source, Value, inputs::changes};

/// Values of one source that are tried in one state, those for comparisons that always came out the same first.
const TRIED_MAX: usize = 2_000;

/// After so many runs in which no comparison came out as it never had, nothing is open any more.
const RUNS_WITHOUT_NEWS: u64 = 4_000;
/// The same once something was found: further effects probably depend on the same.
const RUNS_AFTER_FINDING: u64 = 1_500;
/// The same for an interpreter, whose runs take longer, before and after.
const INTERPRETED_WITHOUT_NEWS: u64 = 3_000;
const INTERPRETED_AFTER_FINDING: u64 = 600;

/// Times that conditions are combined, and what lies behind them is looked at.
const UNIONS_MAX: usize = 3;

/// States in which two things became equal are looked at so many times longer without news.
const PATIENCE_FOR_EQUALS: u64 = 4;

/// Searches until nothing is open, or no more runs are made.
pub fn search(plan: &Plan<'_>, bench: &mut dyn Bench) -> SearchOutcome {
    let mut search = Search::new(plan, bench);
    let mut stopped = search.explore_all().err();
    let mut located = Vec::new();
    // All of a script's comparisons are the interpreter's: to flip one of those says nothing about the script.
    let is_done =
        matches!(stopped, Some(StopReason::Failed(_) | StopReason::SlowHost | StopReason::Interrupted));
    if plan.reach == Reach::Full && !plan.is_interpreter && !is_done {
        match search.locate() {
            Ok(all) => located = all,
            Err(error) => stopped = stopped.or(Some(error)),
        }
    }
    let mut found = std::mem::take(&mut search.found);
    found.retain(|found| {
        found.effects.is_empty() || found.effects.iter().any(|effect| !search.is_made_up(effect))
    });
    // What is not declared first: no maximum hides it behind what is.
    found.sort_by_key(|found| {
        let is_declared = found.effects.iter().all(|effect| plan.declares.covers(effect));
        (is_declared, !found.effects.is_empty())
    });
    let Search { runs, progress, executed, outcomes, unfollowed, .. } = search;
    let waiting = outcomes.open_to_the_environment();
    SearchOutcome { found, located, runs, progress, stopped, unfollowed, executed, waiting }
}

impl Search<'_, '_> {
    fn explore_all(&mut self) -> Result<(), StopReason> {
        self.explore_queue()?;
        // Conditions that are combined later than they are asked about, and what lies behind those.
        let unions = if self.plan.is_interpreter { 1 } else { UNIONS_MAX };
        for _ in 0..unions {
            if self.plan.reach != Reach::Full || !self.unite()? {
                break;
            }
            self.explore_queue()?;
        }
        // All of it together is given the patience that the rest had.
        self.latest_news = self.runs;
        let patience = if self.plan.is_interpreter { INTERPRETED_AFTER_FINDING } else { RUNS_WITHOUT_NEWS };
        while self.runs.saturating_sub(self.latest_news) <= patience && self.try_later()? {
            self.explore_queue()?;
        }
        Ok(())
    }

    fn explore_queue(&mut self) -> Result<(), StopReason> {
        while let Some(((_, kind, _), state)) = self.queue.pop_first() {
            let patience = match (self.plan.is_interpreter, self.found.is_empty() && !self.plan.is_solved) {
                (true, true) => INTERPRETED_WITHOUT_NEWS,
                (true, false) => INTERPRETED_AFTER_FINDING,
                (false, true) => RUNS_WITHOUT_NEWS,
                (false, false) => RUNS_AFTER_FINDING,
            };
            // What became equal to something is looked at longest: one of many names may be the one that counts. Not in
            // a script, whose interpreter compares for equality all the time.
            let is_equal = |kind: u8| kind == EQUAL && !self.plan.is_interpreter;
            let patience =
                if is_equal(kind) { patience.saturating_mul(PATIENCE_FOR_EQUALS) } else { patience };
            if self.runs.saturating_sub(self.latest_news) > patience && state.pass != Pass::Words {
                // Words are tried all the same: what was solved does not show whether one fits.
                self.queue
                    .retain(|(pass, of, _), _| *pass == Pass::Words || is_equal(*of) && !is_equal(kind));
                continue;
            }
            let explored = self.explore(&state);
            self.progress.solved = self.found.len();
            self.progress.comparisons = self.outcomes.tainted.len();
            self.progress.open = self.outcomes.open().len();
            self.bench.progress(self.progress);
            explored?;
        }
        Ok(())
    }

    /// Explores one state: its comparisons, the sources they depend on, and the values that would flip them.
    fn explore(&mut self, state: &State) -> Result<(), StopReason> {
        let Some(changes) = changes(&state.assignment, &self.first) else { return Ok(()) };
        let trial = Trial {
            changes,
            texts: true,
            report_inputs: true,
            flipped: Vec::new(),
            more: state.more.clone(),
        };
        let Some(mut seen) = self.run(std::slice::from_ref(&trial))?.pop() else { return Ok(()) };
        let mut with_more = state.clone();
        with_more.more.extend(self.newly_full(state, &seen.log));
        let state = &with_more;
        if state.more != trial.more {
            let Some(again) = self.run(&[Trial { more: state.more.clone(), ..trial }])?.pop() else {
                return Ok(());
            };
            seen = again;
        }
        let inputs = seen.inputs.clone().unwrap_or_default();
        if !self.is_started {
            self.is_started = true;
            self.first = inputs.clone();
            let full = seen.log.sites().into_iter().filter(|site| seen.log.of_site(*site).len() >= HITS_MAX);
            self.full_at_first = full.collect();
            self.outcomes.note(self.plan.sites, &seen.log);
            self.plain = Some(Observation { log: Log::default(), ..seen.clone() });
            if self.plan.reach == Reach::Forward {
                return self.sweep(state, &seen, &inputs);
            }
        }
        let sites = seen.log.sites();
        let parent = state.parent.and_then(|parent| self.states.get(parent));
        let fresh: BTreeSet<u32> = match parent {
            Some(parent) => sites.iter().filter(|site| !parent.sites.has(**site)).copied().collect(),
            None => sites.iter().copied().collect(),
        };
        let sites = SiteSet::of(&sites, self.plan.sites.len());
        self.states.push(ExploredState { assignment: state.assignment.clone(), sites });
        let texts = texts(&seen.log, self.plan.sites);
        let mut sources = inputs.sources();
        // Names that were made up are sources too: what they are compared with is the name that is looked for.
        let named = state.assignment.iter().filter(|(source, _)| is_name_of(source));
        sources.extend(named.map(|(source, value)| (source.clone(), value.clone())));
        // What was changed last leads on.
        sources.sort_by_key(|(source, _)| !state.leads_on(source));
        self.progress.sources = sources.len();
        let is_quick = |source: &Source, value: &Value| {
            let is_short = !matches!(value, Value::Bytes(bytes) if bytes.len() > QUICK_BYTES);
            // Inside a condition every source is sniffed at, and followed only where that shows.
            is_short || state.parent.is_some() || state.leads_on(source)
        };
        if state.pass == Pass::Loop {
            sources.truncate(1);
        }
        let (quick, long): (Vec<_>, Vec<_>) =
            sources.into_iter().partition(|(source, value)| is_quick(source, value));
        if state.pass == Pass::Quick {
            self.note_variables(&inputs, &texts);
            if state.parent.is_some() && inputs.variables.is_some() {
                self.try_variables(state, &seen)?;
            }
            let names = self.names(&inputs, &texts);
            self.try_all(state, &seen, names.clone())?;
            if state.parent.is_some() {
                self.follow_names(state, names);
            }
            self.make_up_names(state, &inputs);
        }
        if state.pass == Pass::Words {
            return self.try_literals(state, &seen, &inputs, &[quick, long].concat());
        }
        for (source, value) in if state.pass == Pass::Thorough { &long } else { &quick } {
            let mut all = of_texts(source, value, &texts);
            if state.parent.is_some()
                && !state.leads_on(source)
                && !self.has_new_dependency(state, source, value, (&seen, &fresh))?
            {
                continue;
            }
            all.extend(self.candidates_for(state, source, value, &seen)?);
            let mut all = self.put_off(state, all);
            all.sort_by_key(|candidate| !candidate.is_open);
            all.truncate(TRIED_MAX);
            self.try_all(state, &seen, all)?;
        }
        if state.pass == Pass::Quick {
            if state.depth == 0 {
                self.sweep(state, &seen, &inputs)?;
            }
            if !long.is_empty() {
                let order =
                    (Pass::Thorough, u8::try_from(state.depth).unwrap_or(u8::MAX), self.next_number());
                let parent = state.parent;
                self.queue.insert(order, State { pass: Pass::Thorough, parent, ..state.clone() });
            }
        }
        Ok(())
    }

    /// Sites that report as many hits as they may in a state, and not in the run that the search began with: what
    /// the condition before has led to may compare with them.
    fn newly_full(&self, state: &State, log: &Log) -> Vec<u32> {
        const SITES_MAX: usize = 6;
        if state.parent.is_none() || self.plan.is_interpreter {
            return Vec::new();
        }
        let is_full =
            |site: &u32| log.of_site(*site).len() == HITS_MAX && self.outcomes.comparison(*site).is_some();
        let is_known = |site: &u32| state.more.contains(site) || self.full_at_first.contains(site);
        let full = log.sites().into_iter().filter(|site| is_full(site) && !is_known(site));
        full.take(SITES_MAX.saturating_sub(state.more.len())).collect()
    }
}
