//! The search: from what a run compares to what would make it do something else.
//!
//! A state is a run with some sources saying something else. Each state is run, its sources are changed a little
//! one by one, and where that shows in a comparison, the values are worked out with which the comparison comes out
//! the other way. Runs with those are made; one in which a comparison comes out as it never did is a new state,
//! and one that does what was never done is found. So conditions within conditions are solved one after the other.

mod bench;
mod candidates;
mod known;
mod literals;
mod locate;
mod outcomes;
mod perturb;
mod sweep;

use std::collections::{BTreeMap, BTreeSet};

use invar_trace::{Effect, EffectKind};
use invar_world::Change;

pub use bench::{Bench, Progress, Seen, Stopped, Trial};
use candidates::{Candidate, Texts, is_name, is_variable, of_source, of_texts, texts};
pub use known::known;
pub use locate::Located;
use outcomes::{News, Outcomes};
use perturb::{Perturbation, coarse, fine, sniff};

use crate::{
    Assignment, At, COMPARISONS_HITS_MAX, Code, Executed, Log, Site, Source, Told, Value, told::changes,
};

/// Conditions inside conditions that are followed.
pub const DEPTH_MAX: usize = 24;
/// Runs that are asked for at once: merged in their order, so that the result is the same on any number of cores.
const BATCH: usize = 64;
/// States that wait to be looked at.
const STATES_MAX: usize = 4096;
/// Values of one source that are tried in one state, those for comparisons that always came out the same first.
const TRIED_MAX: usize = 2_000;
/// Texts that are tried as names, for each state.
const NAMES_MAX: usize = 96;
/// Different things of one class, after which they are taken for made up: a name with the time in it.
const MADE_UP: usize = 6;

/// How far to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Likely times alone.
    Forward,
    /// What comparisons say.
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
    /// Something was found before: what else there is may well hang on the same.
    pub is_solved: bool,
    /// Whether the component is an interpreter, of which only hits with known operands are told: much of what is
    /// new in those says nothing, and each run takes long.
    pub is_interpreter: bool,
}

/// A condition under which something else is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What is otherwise then, in the order in which it must be made so; each is needed.
    pub changes: Vec<Change>,
    /// What is done then and not otherwise; empty if only output, end or cost are others.
    pub effects: BTreeSet<Effect>,
}

/// What a search came to.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Conditions that were found, in the order in which they were.
    pub found: Vec<Found>,
    /// Comparisons that were not solved, with what is behind them.
    pub located: Vec<Located>,
    /// Runs made.
    pub runs: u64,
    /// How far it came.
    pub progress: Progress,
    /// Why it ended before everything was looked at.
    pub stopped: Option<Stopped>,
    /// What any of the runs executed.
    pub executed: Executed,
}

/// A run with some sources saying something else.
#[derive(Debug, Clone, Default)]
struct State {
    assignment: Assignment,
    depth: usize,
    /// The source that was changed last: looked at first.
    last: Option<Source>,
    pass: Pass,
    /// Number of the state that it came from.
    parent: Option<usize>,
    /// Sites that are come to more often than is told of others: loops that many share.
    more: Vec<u32>,
}

impl State {
    /// Whether a source is the one that was changed last, or the value of what was named last.
    fn leads_on(&self, source: &Source) -> bool {
        let Some(last) = &self.last else { return false };
        let named = match self.assignment.get(last) {
            Some(Value::Bytes(name)) => std::str::from_utf8(name).unwrap_or_default(),
            _ => "",
        };
        match (last, source) {
            (Source::NewVariable(_), Source::Variable(name)) if !named.is_empty() => name == named,
            (Source::Entry(directory), Source::File(path)) if !named.is_empty() => path
                .strip_prefix(directory.trim_end_matches('/'))
                .is_some_and(|own| own.strip_prefix('/') == Some(named)),
            _ => last == source,
        }
    }
}

/// What is kept of a state.
struct LookedAt {
    assignment: Assignment,
    /// Sites that were come to in it, in order.
    sites: Vec<u32>,
}

/// Which sources of a state are looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Pass {
    /// At first those of few bytes; inside a condition those that it looks at.
    #[default]
    Quick,
    /// The long ones, once nothing else is left to look at.
    Thorough,
    /// All of them, with the words that the component has with it.
    Words,
    /// The one that was changed last alone.
    Loop,
}

/// Hits of one site that are told, unless more are asked for.
const HITS_MAX: usize = COMPARISONS_HITS_MAX.cast_unsigned() as usize;
/// Longest source that the quick pass looks at.
const QUICK_BYTES: usize = 48;

/// After so many runs in which no comparison came out as it never had, nothing is open any more.
const RUNS_WITHOUT_NEWS: u64 = 4_000;
/// The same once something was found: what else there is may well hang on the same.
const RUNS_AFTER_FINDING: u64 = 1_500;
/// The same for an interpreter, whose runs take longer, before and after.
const INTERPRETED_WITHOUT_NEWS: u64 = 3_000;
const INTERPRETED_AFTER_FINDING: u64 = 600;

/// The order in which states are looked at: by pass, by what was new, the latest equality first.
type Order = (Pass, u8, i64);

struct Search<'a, 'b> {
    plan: &'a Plan<'a>,
    bench: &'b mut dyn Bench,
    outcomes: Outcomes,
    /// What the run was told that the search began with.
    first: Told,
    /// Sites that told all the hits that they may in it.
    full_at_first: BTreeSet<u32>,
    queue: BTreeMap<Order, State>,
    /// States that were ever queued.
    queued: i64,
    /// Texts that were tried as names.
    named: BTreeSet<Vec<u8>>,
    /// States that were looked at, by number.
    states: Vec<LookedAt>,
    tried: BTreeSet<Assignment>,
    /// How often a value for a comparison did what it was made for and led to nothing new: by source, comparison,
    /// whether a loop went on, and conditions before.
    turned: BTreeMap<(Source, At, bool, usize), u8>,
    found: Vec<Found>,
    /// Effects that were found, so that they are found once.
    reported: BTreeSet<BTreeSet<Effect>>,
    /// Sources that were found to change what is said, or what it costs.
    others: BTreeSet<Source>,
    /// Things done that were never known, by class.
    classes: BTreeMap<(EffectKind, String), BTreeSet<String>>,
    is_started: bool,
    progress: Progress,
    runs: u64,
    /// Runs there were when a comparison last came out as it never had, or something was found.
    latest_news: u64,
    executed: Executed,
}

/// What to begin with. What a script compares hardly shows in the comparisons of its interpreter, so that there its
/// words come first.
fn first(plan: &Plan<'_>) -> BTreeMap<Order, State> {
    let mut queue = BTreeMap::from([((Pass::Quick, 0, 0), State::default())]);
    if plan.reach == Reach::Full {
        let at = if plan.is_interpreter { (Pass::Quick, 0, i64::MIN) } else { (Pass::Words, 0, 0) };
        queue.insert(at, State { pass: Pass::Words, ..State::default() });
    }
    queue
}

/// Searches until nothing is open, or no more runs are made.
pub fn search(plan: &Plan<'_>, bench: &mut dyn Bench) -> Outcome {
    let mut search = Search {
        plan,
        bench,
        outcomes: Outcomes::new(plan.sites),
        first: Told::default(),
        full_at_first: BTreeSet::new(),
        queue: first(plan),
        queued: 0,
        named: BTreeSet::new(),
        states: Vec::new(),
        tried: BTreeSet::new(),
        turned: BTreeMap::new(),
        found: Vec::new(),
        reported: BTreeSet::new(),
        others: BTreeSet::new(),
        classes: BTreeMap::new(),
        is_started: false,
        progress: Progress::default(),
        runs: 0,
        latest_news: 0,
        executed: Executed::new(plan.sites.len()),
    };
    let mut stopped = search.go_through().err();
    let mut located = Vec::new();
    if plan.reach == Reach::Full && !matches!(stopped, Some(Stopped::Failed(_) | Stopped::Interrupted)) {
        match search.locate() {
            Ok(all) => located = all,
            Err(error) => stopped = stopped.or(Some(error)),
        }
    }
    let made_up = search.made_up();
    let is_real = |found: &Found| {
        found.effects.is_empty() || found.effects.iter().any(|effect| !made_up.contains(&class_of(effect)))
    };
    let Search { mut found, runs, progress, executed, .. } = search;
    found.retain(is_real);
    Outcome { found, located, runs, progress, stopped, executed }
}

/// Where something is done: names in one directory are of one class.
fn class_of(effect: &Effect) -> (EffectKind, String) {
    let directory = match effect.kind {
        kind if kind.is_contact() => effect.subject.clone(),
        _ => effect.subject.rsplit_once('/').map_or_else(String::new, |(directory, _)| directory.to_owned()),
    };
    (effect.kind, directory)
}

impl Search<'_, '_> {
    fn go_through(&mut self) -> Result<(), Stopped> {
        while let Some((_, state)) = self.queue.pop_first() {
            let patience = match (self.plan.is_interpreter, self.found.is_empty() && !self.plan.is_solved) {
                (true, true) => INTERPRETED_WITHOUT_NEWS,
                (true, false) => INTERPRETED_AFTER_FINDING,
                (false, true) => RUNS_WITHOUT_NEWS,
                (false, false) => RUNS_AFTER_FINDING,
            };
            if self.runs.saturating_sub(self.latest_news) > patience && state.pass != Pass::Words {
                // Words are tried all the same: nothing that was solved says whether one fits.
                self.queue.retain(|(pass, ..), _| *pass == Pass::Words);
                continue;
            }
            self.look_at(&state)?;
            self.progress.solved = self.found.len();
            self.progress.comparisons = self.outcomes.tainted.len();
            self.progress.open = self.outcomes.open().len();
            self.bench.progress(self.progress);
        }
        Ok(())
    }

    fn run(&mut self, trials: &[Trial]) -> Result<Vec<Seen>, Stopped> {
        let seen = self.bench.run(trials)?;
        self.runs += trials.len() as u64;
        for own in &seen {
            self.executed.note(self.plan.sites, &own.log);
        }
        Ok(seen)
    }

    /// Looks at one state: what it compares, what that depends on, what would turn it.
    fn look_at(&mut self, state: &State) -> Result<(), Stopped> {
        let Some(own) = changes(&state.assignment, &self.first) else { return Ok(()) };
        let trial = Trial { changes: own, texts: true, tell: true, turned: None, more: state.more.clone() };
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
        let told = seen.told.clone().unwrap_or_default();
        if !self.is_started {
            self.is_started = true;
            self.first = told.clone();
            let full = seen.log.sites().into_iter().filter(|site| seen.log.of_site(*site).len() >= HITS_MAX);
            self.full_at_first = full.collect();
            self.outcomes.note(self.plan.sites, &seen.log);
            if self.plan.reach == Reach::Forward {
                return self.sweep(state, &seen, &told);
            }
        }
        let sites = seen.log.sites();
        let parent = state.parent.and_then(|parent| self.states.get(parent));
        let fresh: BTreeSet<u32> = match parent {
            Some(parent) => {
                sites.iter().filter(|site| parent.sites.binary_search(site).is_err()).copied().collect()
            }
            None => sites.iter().copied().collect(),
        };
        self.states.push(LookedAt { assignment: state.assignment.clone(), sites });
        let texts = texts(&seen.log, self.plan.sites);
        let mut sources = told.sources();
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
            let names = self.names(&told, &texts);
            self.try_all(state, &seen, names.clone())?;
            if state.parent.is_some() {
                self.follow_names(state, names);
            }
            self.make_up_names(state, &told);
        }
        if state.pass == Pass::Words {
            return self.try_literals(state, &seen, &told, &[quick, long].concat());
        }
        for (source, value) in if state.pass == Pass::Thorough { &long } else { &quick } {
            let mut all = of_texts(source, value, &texts);
            if state.parent.is_some()
                && !state.leads_on(source)
                && !self.is_looked_at(state, source, value, (&seen, &fresh))?
            {
                continue;
            }
            all.extend(self.ask_about(state, source, value, &seen)?);
            all.sort_by_key(|candidate| !candidate.is_open);
            all.truncate(TRIED_MAX);
            self.try_all(state, &seen, all)?;
        }
        if state.pass == Pass::Quick {
            if state.depth == 0 {
                self.sweep(state, &seen, &told)?;
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

    /// Names that only this state looks for are there: that one is found shows nowhere, if it is found where others
    /// are.
    fn follow_names(&mut self, state: &State, names: Vec<Candidate>) {
        const FOLLOWED_MAX: usize = 4;
        let is_spelled = |own: &Candidate| matches!(&own.value, Value::Bytes(name) if is_variable(name));
        for candidate in names.into_iter().filter(is_spelled).take(FOLLOWED_MAX) {
            let mut assignment = state.assignment.clone();
            assignment.insert(candidate.source.clone(), candidate.value);
            self.push(state, &candidate.source, assignment, News::Outcome);
        }
    }

    /// Sites that tell all the hits that they may in a state, and not in the run that the search began with: what
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

    /// States with one more variable, or one more file in a directory that is listed, that nobody looks for.
    fn make_up_names(&mut self, state: &State, told: &Told) {
        const NAME: &[u8] = b"INVARQ";
        const NAMES_MAX: usize = 2;
        if state.assignment.keys().filter(|source| is_name_of(source)).count() >= NAMES_MAX {
            return;
        }
        let slot = told.variables.as_ref().map(|own| u32::try_from(own.len()).unwrap_or(0));
        let sources = slot.map(Source::NewVariable).into_iter();
        let all: Vec<Source> =
            sources.chain(told.listed.iter().map(|path| Source::Entry(path.clone()))).collect();
        for source in all {
            let mut assignment = state.assignment.clone();
            assignment.insert(source.clone(), Value::Bytes(NAME.to_vec()));
            if self.tried.insert(assignment.clone()) {
                self.push(state, &source, assignment, News::Reached);
            }
        }
    }

    fn next_number(&mut self) -> i64 {
        self.queued += 1;
        self.queued
    }

    /// Whether a comparison that the state before did not come to depends on a source.
    fn is_looked_at(
        &mut self,
        state: &State,
        source: &Source,
        value: &Value,
        (seen, fresh): (&Seen, &BTreeSet<u32>),
    ) -> Result<bool, Stopped> {
        let answers = self.perturb(state, seen, source, sniff(source, value))?;
        let is_fresh = |log: &Log| seen.log.changed(log).any(|(at, ..)| fresh.contains(&at.site));
        Ok(answers.iter().any(|(_, log)| is_fresh(log)))
    }

    /// Changes one source a little, in many ways, and works out what would turn comparisons.
    fn ask_about(
        &mut self,
        state: &State,
        source: &Source,
        value: &Value,
        seen: &Seen,
    ) -> Result<Vec<Candidate>, Stopped> {
        if state.pass == Pass::Loop {
            // It is known to be looked at byte by byte.
            let answers = self.perturb(state, seen, source, fine(value, |_| true))?;
            return Ok(of_source(source, value, &seen.log, &answers, &self.outcomes));
        }
        let mut answers = self.perturb(state, seen, source, coarse(source, value))?;
        let minds: Vec<bool> = answers
            .iter()
            .map(|(_, log)| seen.log.changed(log).any(|(at, ..)| self.outcomes.is_open(at.site)))
            .collect();
        if minds.contains(&true) {
            let blocks = match value {
                Value::Bytes(bytes) => perturb::blocks(bytes).len(),
                _ => 0,
            };
            // The blocks stand behind what is coarser, in their order.
            let first = answers
                .iter()
                .position(|(own, _)| matches!(own.meaning, perturb::Meaning::Step { .. }))
                .unwrap_or(answers.len())
                .saturating_sub(blocks);
            let by_block = minds.clone();
            let in_block = move |block: usize| by_block.get(first + block).copied().unwrap_or(false);
            answers.extend(self.perturb(state, seen, source, fine(value, in_block))?);
        }
        for (_, log) in &answers {
            for (at, ..) in seen.log.changed(log) {
                if self.outcomes.comparison(at.site).is_some() {
                    self.outcomes.taint(at.site, source, self.states.len() - 1);
                }
            }
        }
        Ok(of_source(source, value, &seen.log, &answers, &self.outcomes))
    }

    fn perturb(
        &mut self,
        state: &State,
        own: &Seen,
        source: &Source,
        all: Vec<Perturbation>,
    ) -> Result<Vec<(Perturbation, Log)>, Stopped> {
        let mut answers = Vec::new();
        for batch in all.chunks(BATCH) {
            let made: Vec<(Assignment, &Perturbation)> = batch
                .iter()
                .map(|own| {
                    let mut assignment = state.assignment.clone();
                    assignment.insert(source.clone(), own.value.clone());
                    (assignment, own)
                })
                .collect();
            let assignments: Vec<Assignment> = made.iter().map(|(own, _)| own.clone()).collect();
            for (at, seen) in self.make(&assignments, &state.more)? {
                let is_new = self.take(own, source, &assignments[at], &seen)?;
                // Long texts with everything turned are no state that leads anywhere.
                let is_short = made[at].1.value.len().is_none_or(|len| len <= QUICK_BYTES);
                if is_new > News::None && is_short {
                    self.push(state, source, assignments[at].clone(), is_new);
                }
                answers.push((made[at].1.clone(), seen.log));
            }
        }
        Ok(answers)
    }

    /// Runs with these assignments, as far as they can be made; with the index of each.
    fn make(&mut self, assignments: &[Assignment], more: &[u32]) -> Result<Vec<(usize, Seen)>, Stopped> {
        let (indices, trials): (Vec<usize>, Vec<Trial>) = assignments
            .iter()
            .enumerate()
            .filter_map(|(at, own)| {
                let changes = changes(own, &self.first)?;
                Some((at, Trial { changes, more: more.to_vec(), ..Trial::default() }))
            })
            .unzip();
        let seen = self.run(&trials)?;
        Ok(indices.into_iter().zip(seen).collect())
    }

    /// Tries values, each for one source of a state.
    fn try_all(&mut self, state: &State, own: &Seen, all: Vec<Candidate>) -> Result<(), Stopped> {
        let mut batch: Vec<(Candidate, Assignment)> = Vec::new();
        let mut left = all.into_iter();
        loop {
            let next = left.next();
            let is_last = next.is_none();
            if let Some(candidate) = next {
                let mut assignment = state.assignment.clone();
                assignment.insert(candidate.source.clone(), candidate.value.clone());
                if self.tried.insert(assignment.clone()) {
                    batch.push((candidate, assignment));
                }
            }
            if batch.len() >= BATCH || (is_last && !batch.is_empty()) {
                let assignments: Vec<Assignment> = batch.iter().map(|(_, own)| own.clone()).collect();
                for (at, seen) in self.make(&assignments, &state.more)? {
                    let (candidate, assignment) = &batch[at];
                    let news = self.take(own, &candidate.source, assignment, &seen)?;
                    let news = news.max(self.led_on(state, candidate, &own.log, &seen.log));
                    if news > News::None {
                        self.push(state, &candidate.source, assignment.clone(), news);
                    }
                }
                batch.clear();
            }
            if is_last {
                return Ok(());
            }
        }
    }

    /// Whether a value does what it was made for, where all of it has been seen before: in code that is come to from
    /// many places. Few of those are followed, so that no text is spelled in every case.
    fn led_on(&mut self, state: &State, candidate: &Candidate, own: &Log, seen: &Log) -> News {
        const TURNED_MAX: u8 = 2;
        let Some(aim) = candidate.aim.filter(|aim| self.outcomes.is_turned(*aim, own, seen)) else {
            return News::None;
        };
        let is_further =
            candidate.keeps_length && goes_on(own.of_site(aim.site).len(), seen.of_site(aim.site).len());
        // A name is compared with many: one byte more of one says little.
        let is_spelled = is_name_of(&candidate.source) && candidate.keeps_length;
        let is_short = !is_spelled && candidate.value.len().is_some_and(|len| len <= QUICK_BYTES);
        let depth = if is_further { state.depth } else { 0 };
        let times = self.turned.entry((candidate.source.clone(), aim, is_further, depth)).or_default();
        *times = times.saturating_add(1);
        match (is_further, is_short) {
            _ if *times > TURNED_MAX => News::None,
            (true, _) => News::Further,
            (false, true) => News::Turned,
            (false, false) => News::None,
        }
    }

    fn push(&mut self, state: &State, source: &Source, assignment: Assignment, news: News) {
        let is_noise =
            self.plan.is_interpreter && !matches!(news, News::Turned | News::Further | News::Equal);
        if is_noise || state.depth >= DEPTH_MAX || self.queue.len() >= STATES_MAX {
            return;
        }
        let number = self.next_number();
        let order = match news {
            News::Equal => (Pass::Quick, 0, -number),
            News::Further | News::Outcome => (Pass::Quick, 1, number),
            News::Turned | News::Reached | News::None => (Pass::Quick, 2, number),
        };
        // A loop that goes further is followed by itself, and is one condition however long it is.
        let is_loop = news == News::Further;
        let next = State {
            assignment,
            depth: if is_loop { state.depth } else { state.depth + 1 },
            last: Some(source.clone()),
            pass: if is_loop { Pass::Loop } else { Pass::Quick },
            parent: self.states.len().checked_sub(1),
            more: state.more.clone(),
        };
        self.queue.insert(order, next);
    }

    /// Takes note of a run with one more source changed than in `own`; says what was new in its comparisons.
    fn take(
        &mut self,
        own: &Seen,
        source: &Source,
        assignment: &Assignment,
        seen: &Seen,
    ) -> Result<News, Stopped> {
        const FUEL_RATIO: u64 = 4;
        const FUEL_MIN: u64 = 1_000_000;
        let news = self.outcomes.note(self.plan.sites, &seen.log);
        let least = if self.plan.is_interpreter { News::Outcome } else { News::Reached };
        if news > least {
            self.latest_news = self.runs;
        }
        let effects = self.new_effects(&seen.effects);
        // That a run says something else, or costs more, is news only where a comparison came out as never before:
        // an input that is another has another output.
        let is_other = news > News::None
            && is_silent(source)
            && (own.said != seen.said
                || own.ending != seen.ending
                || (seen.fuel > own.fuel.saturating_mul(FUEL_RATIO) && seen.fuel > FUEL_MIN));
        let is_new = match effects.is_empty() {
            false => self.reported.insert(effects.clone()),
            true => is_other && self.others.insert(source.clone()),
        };
        if is_new {
            self.find(assignment.clone(), own, effects)?;
        }
        Ok(news)
    }

    /// What is done and was never known to be, unless it is something made up.
    fn new_effects(&mut self, effects: &BTreeSet<Effect>) -> BTreeSet<Effect> {
        let new: BTreeSet<Effect> = effects
            .iter()
            .filter(|effect| effect.is_lasting() && !self.plan.known.contains(*effect))
            .cloned()
            .collect();
        for effect in &new {
            let class = self.classes.entry(class_of(effect)).or_default();
            if class.len() <= MADE_UP {
                class.insert(effect.subject.clone());
            }
        }
        let classes = &self.classes;
        let is_made_up =
            |effect: &Effect| classes.get(&class_of(effect)).is_some_and(|class| class.len() > MADE_UP);
        new.into_iter().filter(|effect| !is_made_up(effect)).collect()
    }

    fn made_up(&self) -> BTreeSet<(EffectKind, String)> {
        let all = self.classes.iter().filter(|(_, subjects)| subjects.len() > MADE_UP);
        all.map(|(class, _)| class.clone()).collect()
    }

    /// Takes away what is not needed, and keeps the rest. Where nothing is done but something said, `own` is what
    /// is said without.
    fn find(
        &mut self,
        mut assignment: Assignment,
        own: &Seen,
        effects: BTreeSet<Effect>,
    ) -> Result<(), Stopped> {
        let sources: Vec<Source> = assignment.keys().cloned().collect();
        for source in sources {
            if assignment.len() == 1 {
                break;
            }
            let mut without = assignment.clone();
            without.remove(&source);
            let is_needed = match self.make(std::slice::from_ref(&without), &[])?.pop() {
                None => true,
                Some((_, seen)) if effects.is_empty() => own.said == seen.said && own.ending == seen.ending,
                Some((_, seen)) => !effects.iter().any(|effect| seen.effects.contains(effect)),
            };
            if !is_needed {
                assignment = without;
            }
        }
        if let Some(changes) = changes(&assignment, &self.first) {
            self.found.push(Found { changes, effects });
        }
        Ok(())
    }

    /// Names that are not there: of variables, of files in directories that are listed.
    fn names(&mut self, told: &Told, texts: &Texts) -> Vec<Candidate> {
        let all: Vec<&[u8]> = texts.all.iter().map(Vec::as_slice).collect();
        let all: Vec<&[u8]> = all.into_iter().filter(|text| self.named.insert(text.to_vec())).collect();
        let mut found = Vec::new();
        let own = told.variables.as_ref();
        let mut offer = |source: Source, value: &[u8]| {
            let value = Value::Bytes(value.to_vec());
            found.push(Candidate::guess(source, value));
        };
        if let Some(own) = own {
            let slot = u32::try_from(own.len()).unwrap_or(0);
            let is_new = |text: &&&[u8]| {
                is_name(text) && std::str::from_utf8(text).is_ok_and(|text| !own.contains_key(text))
            };
            for text in all.iter().filter(is_new).take(NAMES_MAX) {
                offer(Source::NewVariable(slot), text);
            }
        }
        for directory in &told.listed {
            for text in all.iter().filter(|text| is_name(text)).take(NAMES_MAX) {
                offer(Source::Entry(directory.clone()), text);
            }
        }
        for path in &told.missing {
            for text in all.iter().take(NAMES_MAX) {
                offer(Source::File(path.clone()), text);
            }
        }
        found
    }
}

/// Whether a loop went on, by how many hits it told before and now; past those that are told it may have.
fn goes_on(before: usize, now: usize) -> bool {
    now > before || now == HITS_MAX
}

/// Whether a source is the name of something new.
fn is_name_of(source: &Source) -> bool {
    matches!(source, Source::NewVariable(_) | Source::Entry(_))
}

/// Whether a source is one that output should not follow.
fn is_silent(source: &Source) -> bool {
    !matches!(source, Source::Input | Source::Argument(_) | Source::Answer(_) | Source::Name(_))
}
