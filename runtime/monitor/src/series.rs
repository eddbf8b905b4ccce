//! The runs of a series, and how each differs from the first.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use invar_envelope::MissingPermission;
use invar_trace::{
    Behaviour, Effect, EffectKind, Ending, OutputDigest, OutputDigests, Resources, Traffic, Violation,
};
use invar_world::Digest;
use minicbor::{Decode, Encode};

use crate::{grouping::is_undeclared, text};

/// Runs that the others are held against.
pub const BASELINE_RUNS: u32 = 3;
/// A cost this many times the baseline is a deviation.
const COST_RATIO: u64 = 3;
/// Fuel below this is noise of start and end.
const FUEL_FLOOR: u64 = 100_000;
/// Memory below this is.
const MEMORY_FLOOR_BYTES: u64 = 1 << 20;
/// What is sent is told apart sooner: a key is short.
const SENT_FLOOR_BYTES: u64 = 16;
/// Files are written in blocks.
const WRITTEN_FLOOR_BYTES: u64 = 64 << 10;

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
    /// Everything it sent; none: nothing.
    pub sent: Option<Digest>,
    /// The sequence of its calls.
    pub path: Digest,
    /// What it cost.
    pub resources: Resources,
    /// What it did, and where that was not declared.
    pub run_effects: Arc<RunEffects>,
    /// How it differs from the baseline; nothing for runs of the baseline itself, until it is known.
    pub deviations: Arc<[Deviation]>,
    /// Whether that is more than a cold start, or what is claimed.
    pub stands_out: bool,
}

impl Row {
    /// Everything it says.
    pub(crate) fn output_digests(&self) -> OutputDigests {
        OutputDigests { stdout: self.stdout, stderr: self.stderr }
    }
}

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunEffects {
    /// Its effects.
    pub effects: BTreeSet<Effect>,
    /// What of it was not declared.
    pub violations: BTreeMap<MissingPermission, Violation>,
    /// Bytes by destination.
    pub traffic: BTreeMap<String, Traffic>,
}

impl RunEffects {
    /// Whether a line of the envelope is missing for an effect.
    #[must_use]
    pub fn lacks_line_for(&self, effect: &Effect) -> bool {
        is_undeclared(effect, &self.violations)
    }
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
    /// Its standard error, or the text of the error it ends with, is none of those of the baseline; nothing else
    /// of what it says is new.
    Errors,
    /// It sends other bytes than all of those of the baseline do.
    Payload,
    /// It ends in another way.
    Ending,
    /// It costs more than three times as much.
    Cost(Cost),
    /// A cost has grown from run to run, and not by what the runs read; this run is past halfway.
    Growth(Cost),
}

/// What a run costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Cost {
    /// Instructions.
    #[n(0)]
    Fuel,
    /// Peak memory.
    #[n(1)]
    Memory,
    /// Bytes sent to the network.
    #[n(2)]
    Sent,
    /// Bytes written to files.
    #[n(3)]
    Written,
}

impl Cost {
    /// The name in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fuel => "fuel",
            Self::Memory => "peak memory",
            Self::Sent => "bytes sent",
            Self::Written => "bytes written",
        }
    }

    /// All of them.
    pub const ALL: [Self; 4] = [Self::Fuel, Self::Memory, Self::Sent, Self::Written];

    /// How much of it a run took.
    #[must_use]
    pub fn of(self, resources: &Resources) -> u64 {
        match self {
            Self::Fuel => resources.fuel,
            Self::Memory => resources.memory_peak_bytes,
            Self::Sent => resources.bytes.network_sent,
            Self::Written => resources.bytes.file_written,
        }
    }

    /// Differences up to this say nothing.
    #[must_use]
    pub fn floor(self) -> u64 {
        match self {
            Self::Fuel => FUEL_FLOOR,
            Self::Memory => MEMORY_FLOOR_BYTES,
            Self::Sent => SENT_FLOOR_BYTES,
            Self::Written => WRITTEN_FLOOR_BYTES,
        }
    }

    /// An amount of it in words.
    #[must_use]
    pub fn show(self, amount: u64) -> String {
        match self {
            Self::Fuel => text::count(amount),
            Self::Memory | Self::Sent | Self::Written => text::bytes(amount),
        }
    }
}

/// The first runs after a reset: what all others are held against.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Baseline {
    /// Done by any of them.
    #[n(0)]
    pub any: BTreeSet<Effect>,
    /// Done by each of them.
    #[n(1)]
    pub each: BTreeSet<Effect>,
    /// Their outputs.
    #[n(2)]
    pub outputs: BTreeSet<OutputDigests>,
    /// What they sent.
    #[n(3)]
    pub sent: BTreeSet<Option<Digest>>,
    /// How they ended.
    #[n(4)]
    pub endings: BTreeSet<Ending>,
    /// The median of every cost.
    #[n(5)]
    pub costs: BTreeMap<Cost, u64>,
    /// Costs above this are growth, where a cost grows.
    #[n(6)]
    pub(crate) growth_above: BTreeMap<Cost, u64>,
}

impl Baseline {
    /// Of these runs.
    #[must_use]
    pub fn of(runs: &[Arc<Behaviour>]) -> Self {
        let median = |cost: Cost| {
            let mut values: Vec<u64> = runs.iter().map(|run| cost.of(&run.resources)).collect();
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
            outputs: runs.iter().map(|run| run.output_digests()).collect(),
            sent: runs.iter().map(|run| run.sent).collect(),
            endings: runs.iter().map(|run| run.ending.clone()).collect(),
            costs: Cost::ALL.into_iter().map(|cost| (cost, median(cost))).collect(),
            growth_above: BTreeMap::new(),
        }
    }

    /// Whether one output is all there was.
    #[must_use]
    pub fn has_one_output(&self) -> bool {
        self.outputs.len() == 1
    }

    /// What is usual of a cost.
    #[must_use]
    pub fn usual(&self, cost: Cost) -> u64 {
        self.costs.get(&cost).copied().unwrap_or(0)
    }

    /// Where its runs do not agree, the majority of the whole series decides what is usual. A gate that
    /// happens to open in one of the first three runs would else never deviate.
    pub(crate) fn settle(&mut self, rows: &[Row]) {
        let is_usual = |count: usize| 2 * count > rows.len();
        let wavering: Vec<Effect> = self.any.difference(&self.each).cloned().collect();
        for effect in wavering.into_iter().filter(|effect| effect.is_lasting()) {
            match is_usual(rows.iter().filter(|row| row.run_effects.effects.contains(&effect)).count()) {
                true => drop(self.each.insert(effect)),
                false => drop(self.any.remove(&effect)),
            }
        }
        if let Some(output) = mode(rows.iter().map(Row::output_digests), is_usual)
            && !self.has_one_output()
        {
            self.outputs = BTreeSet::from([output]);
        }
        if let Some(ending) = mode(rows.iter().map(|row| row.ending.clone()), is_usual)
            && self.endings.len() > 1
        {
            self.endings = BTreeSet::from([ending]);
        }
    }

    /// How a run differs. Outputs count only if the baseline has one: else what they hang on must be held
    /// first.
    #[must_use]
    pub fn compare<'a>(&self, run: impl Into<Seen<'a>>) -> Vec<Deviation> {
        let run: Seen<'_> = run.into();
        let mut deviations = Vec::new();
        let new: BTreeSet<Effect> = run.effects.difference(&self.any).cloned().collect();
        if !new.is_empty() {
            deviations.push(Deviation::New(new));
        }
        // To look without finding, or to look at all, is nothing that can be missing.
        let missing: BTreeSet<Effect> = self
            .each
            .difference(run.effects)
            .filter(|effect| effect.is_lasting() || effect.kind == EffectKind::FileRead)
            .cloned()
            .collect();
        if !missing.is_empty() {
            deviations.push(Deviation::Missing(missing));
        }
        deviations.extend(self.other_words(&run));
        // Where the baseline sends nothing, the contact is what is new.
        let usual = self.sent.iter().collect::<Vec<_>>();
        if let ([Some(usual)], Some(sent)) = (usual.as_slice(), run.sent)
            && *usual != sent
        {
            deviations.push(Deviation::Payload);
        }
        if !self.endings.contains(run.ending) && !self.fails_alike(run.ending) {
            deviations.push(Deviation::Ending);
        }
        for cost in Cost::ALL {
            let (now, then) = (cost.of(&run.resources), self.usual(cost));
            if now > COST_RATIO * then && now - then > cost.floor() {
                deviations.push(Deviation::Cost(cost));
            }
        }
        deviations
    }
}

impl Baseline {
    /// Whether all its runs have one standard output, whatever they say to standard error.
    fn has_one_stdout(&self) -> bool {
        let mut outputs = self.outputs.iter().map(|said| said.stdout);
        outputs.next().is_some_and(|first| outputs.all(|other| other == first))
    }

    /// What a run says that none of the baseline's does: standard output counts before standard error.
    fn other_words(&self, run: &Seen<'_>) -> Option<Deviation> {
        let is_usual_stdout = self.outputs.iter().any(|usual| usual.stdout == run.output.stdout);
        let is_error_text = matches!(run.ending, Ending::Failed(Some(_))) && self.fails_alike(run.ending);
        if self.has_one_stdout() && !is_usual_stdout && !is_error_text {
            return Some(Deviation::Output);
        }
        let is_usual = self.outputs.contains(&run.output) && self.endings.contains(run.ending);
        let is_other = if is_error_text { !is_usual } else { !self.outputs.contains(&run.output) };
        (self.has_one_output() && is_other).then_some(Deviation::Errors)
    }

    /// Whether it fails as runs of the baseline do, if with another text.
    fn fails_alike(&self, ending: &Ending) -> bool {
        let is_failure = |own: &Ending| matches!(own, Ending::Failed(Some(_)));
        is_failure(ending) && self.endings.iter().any(is_failure)
    }
}

/// The value that enough of them have.
fn mode<T: Ord>(values: impl Iterator<Item = T>, is_enough: impl Fn(usize) -> bool) -> Option<T> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    counts.into_iter().find(|(_, count)| is_enough(*count)).map(|(value, _)| value)
}

/// What of a run is compared.
pub struct Seen<'a> {
    effects: &'a BTreeSet<Effect>,
    output: OutputDigests,
    sent: Option<Digest>,
    ending: &'a Ending,
    resources: Resources,
}

impl<'a> From<&'a Behaviour> for Seen<'a> {
    fn from(run: &'a Behaviour) -> Self {
        let output = run.output_digests();
        Self { effects: &run.effects, output, sent: run.sent, ending: &run.ending, resources: run.resources }
    }
}

impl<'a> From<&'a Row> for Seen<'a> {
    fn from(row: &'a Row) -> Self {
        Self {
            effects: &row.run_effects.effects,
            output: row.output_digests(),
            sent: row.sent,
            ending: &row.ending,
            resources: row.resources,
        }
    }
}

/// Rows that share what they have in common.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    rows: Vec<Row>,
    run_effects: Vec<Arc<RunEffects>>,
    deviations: Vec<Arc<[Deviation]>>,
}

/// Distinct sets that are looked through for one to share; past this a run keeps its own.
const SHARED_MAX: usize = 64;

impl Rows {
    pub(crate) fn push(&mut self, run: u32, behaviour: &Behaviour, deviations: &[Deviation]) {
        let run_effects = RunEffects {
            effects: behaviour.effects.clone(),
            violations: behaviour.violations.clone(),
            traffic: behaviour.traffic.clone(),
        };
        let run_effects = match self.run_effects.iter().find(|known| ***known == run_effects) {
            Some(shared) => shared.clone(),
            None => {
                let own = Arc::new(run_effects);
                if self.run_effects.len() < SHARED_MAX {
                    self.run_effects.push(own.clone());
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
            sent: behaviour.sent,
            path: behaviour.path,
            resources: behaviour.resources,
            run_effects,
            deviations,
            stands_out: false,
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

    /// Holds every run against a baseline anew.
    pub(crate) fn compare_with(&mut self, baseline: &Baseline) {
        for index in 0..self.rows.len() {
            let deviations = baseline.compare(&self.rows[index]);
            self.rows[index].deviations = self.share(&deviations);
        }
    }

    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    pub(crate) fn into_rows(self) -> Vec<Row> {
        self.rows
    }
}
