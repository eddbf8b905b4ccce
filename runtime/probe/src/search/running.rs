//! A search under way: what it was given, and all that it knows so far.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use invar_trace::{Effect, EffectKind};
use invar_world::Digest;

use super::{
    Bench, Condition, Observation, Plan, Progress,
    outcomes::BranchOutcomes,
    state::{ExploredState, Order, State, first},
    waiting::{Flag, Later},
};
use crate::{Assignment, HitIndex, ObservedInputs, SiteCoverage, Source};

/// Things that are done in one place, those that are declared apart from those that are not: names that are made up in a
/// declared directory hide nothing else in it.
pub(super) type Class = (EffectKind, String, bool);

/// The search; each file beside this one has a part of what it does.
pub(super) struct Search<'a, 'b> {
    pub(super) plan: &'a Plan<'a>,
    pub(super) bench: &'b mut dyn Bench,
    pub(super) outcomes: BranchOutcomes,
    /// The inputs that the first run of the search observed.
    pub(super) first: ObservedInputs,
    /// Sites that reported as many hits as they may in it.
    pub(super) full_at_first: BTreeSet<u32>,
    pub(super) queue: BTreeMap<Order, State>,
    /// States that were ever queued.
    pub(super) queued: i64,
    /// Bytes of the values that states were made with.
    pub(super) state_bytes: usize,
    /// The most hits that a run has reported.
    pub(super) most_hits: usize,
    /// What was left out because there is room for no more: states, and hits of perturbations.
    pub(super) unfollowed: u64,
    /// Texts that were tried as names.
    pub(super) named: BTreeSet<Vec<u8>>,
    /// States that were looked at, by number.
    pub(super) states: Vec<ExploredState>,
    /// What was tried and came to a branch that depends on it and that no state has, by number.
    pub(super) trials: Vec<Assignment>,
    /// Digests of what was tried, so that long values are not kept.
    pub(super) tried: BTreeSet<Digest>,
    /// How often a value for a comparison did what it was made for and led to nothing new: by source, comparison,
    /// whether a loop went on, and conditions before.
    pub(super) flips: BTreeMap<(Source, HitIndex, bool, usize), u8>,
    pub(super) found: Vec<Condition>,
    /// Effects that were found, so that they are found once.
    pub(super) reported: BTreeSet<BTreeSet<Effect>>,
    /// Sources that were found to change the output, or the cost.
    pub(super) others: BTreeMap<Source, u32>,
    /// Things done that were never known, by class.
    pub(super) classes: BTreeMap<Class, BTreeSet<String>>,
    /// States whose change made a comparison come out as it never had.
    pub(super) flags: Vec<Flag>,
    /// The run that the search began with, without its comparisons.
    pub(super) plain: Option<Observation>,
    /// Names of variables that functions were handed.
    pub(super) variables: BTreeSet<String>,
    /// Comparisons for which a calendar was tried, with the unit it was tried in.
    pub(super) calendars: BTreeSet<(u32, u64)>,
    /// Loads from tables, and sources by whose values they were enumerated.
    pub(super) enumerated: BTreeSet<(Source, u32)>,
    /// Enumerations that were made.
    pub(super) enumerations: usize,
    /// What is tried once nothing else waits.
    pub(super) later: VecDeque<Later>,
    pub(super) is_started: bool,
    pub(super) progress: Progress,
    pub(super) runs: u64,
    /// Runs there were when a comparison last came out as it never had, or something was found.
    pub(super) latest_news: u64,
    pub(super) executed: SiteCoverage,
}

impl<'a, 'b> Search<'a, 'b> {
    /// One that has made no run.
    pub(super) fn new(plan: &'a Plan<'a>, bench: &'b mut dyn Bench) -> Self {
        Self {
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
            trials: Vec::new(),
            tried: BTreeSet::new(),
            flips: BTreeMap::new(),
            found: Vec::new(),
            reported: BTreeSet::new(),
            others: BTreeMap::new(),
            classes: BTreeMap::new(),
            flags: Vec::new(),
            plain: None,
            variables: BTreeSet::new(),
            calendars: BTreeSet::new(),
            enumerated: BTreeSet::new(),
            enumerations: 0,
            later: VecDeque::new(),
            is_started: false,
            progress: Progress::default(),
            runs: 0,
            latest_news: 0,
            executed: SiteCoverage::new(plan.sites.len()),
        }
    }
}
