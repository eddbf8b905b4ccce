//! The runs of a series, and how each differs from the first.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use invar_envelope::Missing;
use invar_trace::{Behaviour, Effect, EffectKind, Ending, OutputDigest, Resources, Traffic, Violation};

/// Runs that the others are held against.
pub const BASELINE_RUNS: u32 = 3;
/// A cost this many times the baseline is a deviation.
const COST_RATIO: u64 = 3;
/// Fuel below this is noise of start and end.
const FUEL_FLOOR: u64 = 100_000;
/// Memory below this is.
const MEMORY_FLOOR_BYTES: u64 = 1 << 20;

/// What is kept of every run. What runs have in common they share.
#[derive(Debug, Clone)]
pub struct Row {
    /// Number of the run, from 1.
    pub run: u32,
    /// How it ended.
    pub ending: Ending,
    /// Its output.
    pub stdout: OutputDigest,
    /// Its standard error.
    pub stderr: OutputDigest,
    /// What it cost.
    pub resources: Resources,
    /// What it did, and where that was not declared.
    pub deeds: Arc<Deeds>,
    /// How it differs from the baseline; nothing for runs of the baseline itself, until it is known.
    pub deviations: Arc<[Deviation]>,
}

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deeds {
    /// Its effects.
    pub effects: BTreeSet<Effect>,
    /// What of it was not declared.
    pub violations: BTreeMap<Missing, Violation>,
    /// Bytes by destination.
    pub traffic: BTreeMap<String, Traffic>,
}

/// One way in which a run differs from the baseline.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deviation {
    /// It does what no run of the baseline does.
    New(BTreeSet<Effect>),
    /// It does not do what every run of the baseline does.
    Missing(BTreeSet<Effect>),
    /// Its output is none of those of the baseline.
    Output,
    /// It ends in another way.
    Ending,
    /// It costs more than three times the fuel.
    Fuel,
    /// It takes more than three times the memory.
    Memory,
}

/// The first runs after a reset: what all others are held against.
#[derive(Debug, Clone, Default)]
pub struct Baseline {
    /// Done by any of them.
    pub any: BTreeSet<Effect>,
    /// Done by each of them.
    pub each: BTreeSet<Effect>,
    /// Their outputs.
    pub outputs: BTreeSet<(OutputDigest, OutputDigest)>,
    /// How they ended.
    pub endings: BTreeSet<Ending>,
    /// Median fuel.
    pub fuel: u64,
    /// Median peak memory, in bytes.
    pub memory: u64,
}

impl Baseline {
    /// Of these runs.
    #[must_use]
    pub fn of(runs: &[Arc<Behaviour>]) -> Self {
        let median = |value: fn(&Behaviour) -> u64| {
            let mut values: Vec<u64> = runs.iter().map(|run| value(run)).collect();
            values.sort_unstable();
            values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or(0)
        };
        let any = runs.iter().flat_map(|run| run.effects.iter().cloned()).collect();
        let each = runs
            .first()
            .map(|first| &first.effects)
            .into_iter()
            .flatten()
            .filter(|effect| runs.iter().all(|run| run.effects.contains(effect)))
            .cloned()
            .collect();
        Self {
            any,
            each,
            outputs: runs.iter().map(|run| (run.stdout, run.stderr)).collect(),
            endings: runs.iter().map(|run| run.ending.clone()).collect(),
            fuel: median(|run| run.resources.fuel),
            memory: median(|run| run.resources.memory_peak_bytes),
        }
    }

    /// Whether one output is all there was.
    #[must_use]
    pub fn has_one_output(&self) -> bool {
        self.outputs.len() == 1
    }

    /// How a run differs. Outputs count only if the baseline has one: else what they hang on must be held
    /// first.
    #[must_use]
    pub fn compare(&self, run: &Behaviour) -> Vec<Deviation> {
        let mut deviations = Vec::new();
        let new: BTreeSet<Effect> = run.effects.difference(&self.any).cloned().collect();
        if !new.is_empty() {
            deviations.push(Deviation::New(new));
        }
        // To look without finding, or to look at all, is nothing that can be missing.
        let missing: BTreeSet<Effect> = self
            .each
            .difference(&run.effects)
            .filter(|effect| effect.kind.is_lasting() || effect.kind == EffectKind::FileRead)
            .cloned()
            .collect();
        if !missing.is_empty() {
            deviations.push(Deviation::Missing(missing));
        }
        if self.has_one_output() && !self.outputs.contains(&(run.stdout, run.stderr)) {
            deviations.push(Deviation::Output);
        }
        if !self.endings.contains(&run.ending) {
            deviations.push(Deviation::Ending);
        }
        let is_costly = |now: u64, then: u64, floor: u64| now > COST_RATIO * then && now - then > floor;
        if is_costly(run.resources.fuel, self.fuel, FUEL_FLOOR) {
            deviations.push(Deviation::Fuel);
        }
        if is_costly(run.resources.memory_peak_bytes, self.memory, MEMORY_FLOOR_BYTES) {
            deviations.push(Deviation::Memory);
        }
        deviations
    }
}

/// Rows that share what they have in common.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    rows: Vec<Row>,
    deeds: Vec<Arc<Deeds>>,
    deviations: Vec<Arc<[Deviation]>>,
}

/// Distinct sets that are looked through for one to share; past this a run keeps its own.
const SHARED_MAX: usize = 64;

impl Rows {
    pub(crate) fn push(&mut self, run: u32, behaviour: &Behaviour, deviations: &[Deviation]) {
        let deeds = Deeds {
            effects: behaviour.effects.clone(),
            violations: behaviour.violations.clone(),
            traffic: behaviour.traffic.clone(),
        };
        let deeds = match self.deeds.iter().find(|own| ***own == deeds) {
            Some(shared) => shared.clone(),
            None => {
                let own = Arc::new(deeds);
                if self.deeds.len() < SHARED_MAX {
                    self.deeds.push(own.clone());
                }
                own
            }
        };
        let deviations = self.share(deviations);
        self.rows.push(Row {
            run,
            ending: behaviour.ending.clone(),
            stdout: behaviour.stdout,
            stderr: behaviour.stderr,
            resources: behaviour.resources,
            deeds,
            deviations,
        });
    }

    fn share(&mut self, deviations: &[Deviation]) -> Arc<[Deviation]> {
        match self.deviations.iter().find(|own| ***own == *deviations) {
            Some(shared) => shared.clone(),
            None => {
                let own: Arc<[Deviation]> = deviations.into();
                if self.deviations.len() < SHARED_MAX {
                    self.deviations.push(own.clone());
                }
                own
            }
        }
    }

    /// Tells runs of the baseline how they differ from it.
    pub(crate) fn set_deviations(&mut self, run: u32, deviations: &[Deviation]) {
        let deviations = self.share(deviations);
        if let Some(row) = self.rows.iter_mut().find(|row| row.run == run) {
            row.deviations = deviations;
        }
    }

    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    pub(crate) fn into_rows(self) -> Vec<Row> {
        self.rows
    }
}
