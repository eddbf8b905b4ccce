//! The baseline: what the first runs of a series do, and how others differ from it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use invar_trace::{Behaviour, Effect, EffectKind, Ending, OutputDigests, Resources};
use invar_world::Digest;
use minicbor::{Decode, Encode};

use crate::{Cost, Deviation, Row};

/// Runs that the others are compared with.
pub const BASELINE_RUNS: u32 = 3;

/// A cost this many times the baseline is a deviation.
const COST_RATIO: u64 = 3;

/// The first runs after a reset: what all others are compared with.
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

    /// How a run differs. Outputs count only if the baseline has one: else what they depend on must be held
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
        let is_failure = |ending: &Ending| matches!(ending, Ending::Failed(Some(_)));
        is_failure(ending) && self.endings.iter().any(is_failure)
    }
}

impl Baseline {
    /// Whether a run shows that deviation.
    pub(crate) fn shows(&self, deviation: &Deviation, run: &Behaviour) -> bool {
        match deviation {
            // Any of the new effects: a part of them is the deviation too.
            Deviation::New(effects) => effects.iter().any(|effect| run.effects.contains(effect)),
            Deviation::Missing(effects) => effects.iter().any(|effect| !run.effects.contains(effect)),
            Deviation::Growth(cost) => {
                self.growth_above.get(cost).is_some_and(|above| cost.of(&run.resources) > *above)
            }
            other => self.compare(run).contains(other),
        }
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
