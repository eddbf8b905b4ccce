//! The search: from the comparisons of a run to inputs that change what it does.
//!
//! A state is a run with some sources saying something else. Each state is run, its sources are changed a little
//! one by one, and where that shows in a comparison, the values are worked out with which the comparison comes out
//! the other way. Runs with those are made; one in which a comparison comes out as it never did is a new state,
//! and one that does what was never done is found. So conditions within conditions are solved one after the other.

mod bench;
mod candidates;
mod draft;
mod find;
mod known;
mod literals;
mod locate;
mod names;
mod outcomes;
mod perturb;
mod state;
mod sweep;
mod trial;

use std::collections::{BTreeMap, BTreeSet};

use invar_trace::{Effect, EffectKind};
use invar_world::{Change, Digest};

pub use bench::{Bench, Observation, Progress, StopReason, Trial};
use candidates::{of_texts, texts};
use find::class_of;
pub use known::known;
pub use locate::LocatedBranch;
use names::is_name_of;
use outcomes::BranchOutcomes;
use state::{ExploredState, HITS_MAX, Order, Pass, QUICK_BYTES, SiteSet, State, first};

use crate::{Code, HitIndex, ObservedInputs, Site, SiteCoverage, Source, Value, inputs::changes};

/// Conditions inside conditions that are followed.
pub const DEPTH_MAX: usize = 24;
/// Values of one source that are tried in one state, those for comparisons that always came out the same first.
const TRIED_MAX: usize = 2_000;

/// How far to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Likely times alone.
    Forward,
    /// Values from comparisons, too.
    Full,
}

/// What a search begins with.
#[derive(Debug, Clone)]
pub struct Plan<'a> {
    /// Sites of the instrumented copy.
    pub sites: &'a [Site],
    /// What its code names.
    pub code: &'a Code,
    /// Everything that is known to be done without any condition.
    pub known: &'a BTreeSet<Effect>,
    /// How far to look.
    pub reach: Reach,
    /// Something was found before: further effects probably depend on the same.
    pub is_solved: bool,
    /// Whether the component is an interpreter, of which only hits with known operands are reported: much of what is
    /// new in those is noise, and each run takes long.
    pub is_interpreter: bool,
}

/// A condition under which the skill behaves differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The changes of inputs, in the order in which they must be made; each is needed.
    pub changes: Vec<Change>,
    /// Effects that only then occur; empty if only the output, the ending or the cost differs.
    pub effects: BTreeSet<Effect>,
}

/// The result of a search.
#[derive(Debug, Clone, Default)]
pub struct SearchOutcome {
    /// Conditions that were found, in the order in which they were.
    pub found: Vec<Condition>,
    /// Comparisons that were not solved, with what is behind them.
    pub located: Vec<LocatedBranch>,
    /// Runs made.
    pub runs: u64,
    /// How far it came.
    pub progress: Progress,
    /// Why it ended before everything was looked at.
    pub stopped: Option<StopReason>,
    /// Conditions, and hits, that were not followed because there is room for no more.
    pub unfollowed: u64,
    /// What any of the runs executed.
    pub executed: SiteCoverage,
    /// Sites that depend on the environment, not on the input, and always went one way.
    pub waiting: Vec<u32>,
}

/// After so many runs in which no comparison came out as it never had, nothing is open any more.
const RUNS_WITHOUT_NEWS: u64 = 4_000;
/// The same once something was found: further effects probably depend on the same.
const RUNS_AFTER_FINDING: u64 = 1_500;
/// The same for an interpreter, whose runs take longer, before and after.
const INTERPRETED_WITHOUT_NEWS: u64 = 3_000;
const INTERPRETED_AFTER_FINDING: u64 = 600;

struct Search<'a, 'b> {
    plan: &'a Plan<'a>,
    bench: &'b mut dyn Bench,
    outcomes: BranchOutcomes,
    /// The inputs that the first run of the search observed.
    first: ObservedInputs,
    /// Sites that reported as many hits as they may in it.
    full_at_first: BTreeSet<u32>,
    queue: BTreeMap<Order, State>,
    /// States that were ever queued.
    queued: i64,
    /// Bytes of the values that states were made with.
    state_bytes: usize,
    /// The most hits that a run has reported.
    most_hits: usize,
    /// What was left out because there is room for no more: states, and hits of perturbations.
    unfollowed: u64,
    /// Texts that were tried as names.
    named: BTreeSet<Vec<u8>>,
    /// States that were looked at, by number.
    states: Vec<ExploredState>,
    /// Digests of what was tried, so that long values are not kept.
    tried: BTreeSet<Digest>,
    /// How often a value for a comparison did what it was made for and led to nothing new: by source, comparison,
    /// whether a loop went on, and conditions before.
    flips: BTreeMap<(Source, HitIndex, bool, usize), u8>,
    found: Vec<Condition>,
    /// Effects that were found, so that they are found once.
    reported: BTreeSet<BTreeSet<Effect>>,
    /// Sources that were found to change the output, or the cost.
    others: BTreeSet<Source>,
    /// Things done that were never known, by class.
    classes: BTreeMap<(EffectKind, String), BTreeSet<String>>,
    is_started: bool,
    progress: Progress,
    runs: u64,
    /// Runs there were when a comparison last came out as it never had, or something was found.
    latest_news: u64,
    executed: SiteCoverage,
}

/// Searches until nothing is open, or no more runs are made.
pub fn search(plan: &Plan<'_>, bench: &mut dyn Bench) -> SearchOutcome {
    let mut search = Search {
        plan,
        bench,
        outcomes: BranchOutcomes::new(plan.sites),
        first: ObservedInputs::default(),
        full_at_first: BTreeSet::new(),
        queue: first(plan),
        queued: 0,
        state_bytes: 0,
        most_hits: 0,
        unfollowed: 0,
        named: BTreeSet::new(),
        states: Vec::new(),
        tried: BTreeSet::new(),
        flips: BTreeMap::new(),
        found: Vec::new(),
        reported: BTreeSet::new(),
        others: BTreeSet::new(),
        classes: BTreeMap::new(),
        is_started: false,
        progress: Progress::default(),
        runs: 0,
        latest_news: 0,
        executed: SiteCoverage::new(plan.sites.len()),
    };
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
    let made_up = search.made_up();
    let is_real = |found: &Condition| {
        found.effects.is_empty() || found.effects.iter().any(|effect| !made_up.contains(&class_of(effect)))
    };
    let Search { mut found, runs, progress, executed, outcomes, unfollowed, .. } = search;
    found.retain(is_real);
    let waiting = outcomes.open_to_the_environment();
    SearchOutcome { found, located, runs, progress, stopped, unfollowed, executed, waiting }
}

impl Search<'_, '_> {
    fn explore_all(&mut self) -> Result<(), StopReason> {
        while let Some((_, state)) = self.queue.pop_first() {
            let patience = match (self.plan.is_interpreter, self.found.is_empty() && !self.plan.is_solved) {
                (true, true) => INTERPRETED_WITHOUT_NEWS,
                (true, false) => INTERPRETED_AFTER_FINDING,
                (false, true) => RUNS_WITHOUT_NEWS,
                (false, false) => RUNS_AFTER_FINDING,
            };
            if self.runs.saturating_sub(self.latest_news) > patience && state.pass != Pass::Words {
                // Words are tried all the same: what was solved does not show whether one fits.
                self.queue.retain(|(pass, ..), _| *pass == Pass::Words);
                continue;
            }
            self.explore(&state)?;
            self.progress.solved = self.found.len();
            self.progress.comparisons = self.outcomes.tainted.len();
            self.progress.open = self.outcomes.open().len();
            self.bench.progress(self.progress);
        }
        Ok(())
    }

    /// Explores one state: its comparisons, the sources they depend on, and the values that would flip them.
    fn explore(&mut self, state: &State) -> Result<(), StopReason> {
        let Some(changes) = changes(&state.assignment, &self.first) else { return Ok(()) };
        let trial =
            Trial { changes, texts: true, report_inputs: true, flipped: None, more: state.more.clone() };
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
}
