//! Groups: executions with the same build, input and host responses, which are comparable to the bit.

use std::collections::{BTreeMap, BTreeSet};

use invar_monitor::Deviation;
use invar_trace::{Effect, Ending};
use invar_world::Digest;

use crate::execution::{Build, Execution};

/// What makes executions comparable. Without a digest of the host responses, only those of one agent are: two
/// agents run in two worlds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key<'a> {
    build: Build<'a>,
    agent: Option<&'a str>,
    input: &'a Digest,
    outside: Option<&'a Digest>,
}

impl<'a> Key<'a> {
    fn of(execution: &'a Execution) -> Self {
        Self {
            build: execution.build(),
            agent: execution.agent.as_deref().filter(|_| execution.outside.is_none()),
            input: &execution.input,
            outside: execution.outside.as_ref(),
        }
    }
}

/// Comparable executions, and what the majority of them shows.
pub(crate) struct Group {
    /// By their indices, in order.
    pub(crate) members: Vec<usize>,
    /// Whether the host responses are known to be the same.
    pub(crate) is_exact: bool,
    /// The output of the majority; none: there is no majority.
    pub(crate) output: Option<Digest>,
    ending: Option<Ending>,
    /// Lasting effects.
    effects: Option<BTreeSet<Effect>>,
}

/// The groups of two and more executions.
pub(crate) fn groups(executions: &[&Execution]) -> Vec<Group> {
    let mut by_key: BTreeMap<Key<'_>, Vec<usize>> = BTreeMap::new();
    for (index, execution) in executions.iter().enumerate() {
        by_key.entry(Key::of(execution)).or_default().push(index);
    }
    by_key
        .into_iter()
        .filter(|(_, members)| members.len() > 1)
        .map(|(key, members)| {
            let of_members = || members.iter().map(|index| executions[*index]);
            Group {
                is_exact: key.outside.is_some(),
                output: majority(of_members().map(|execution| execution.output)),
                ending: majority(of_members().map(|execution| execution.ending.clone())),
                effects: majority(of_members().map(lasting)),
                members,
            }
        })
        .collect()
}

/// The value of more than half of them. Of two that differ, the first one: the second is the deviation.
fn majority<T: Ord>(values: impl ExactSizeIterator<Item = T>) -> Option<T> {
    let all = values.len();
    let mut counts: BTreeMap<T, (usize, usize)> = BTreeMap::new();
    for (at, value) in values.enumerate() {
        counts.entry(value).or_insert((0, at)).0 += 1;
    }
    let found = counts.into_iter().find(|(_, (count, at))| 2 * count > all || (all == 2 && *at == 0));
    found.map(|(value, _)| value)
}

fn lasting(execution: &Execution) -> BTreeSet<Effect> {
    execution.activity.effects.iter().filter(|effect| effect.is_lasting()).cloned().collect()
}

/// Adds to each execution how it differs from the majority of its group. `is_baseline` says which belong to the baseline
/// of their unit.
pub(crate) fn compare(
    groups: &[Group],
    executions: &[&Execution],
    is_baseline: &[bool],
    deviations: &mut [Vec<Deviation>],
) {
    for group in groups {
        for index in &group.members {
            let (execution, found) = (executions[*index], &mut deviations[*index]);
            if group.output.is_some_and(|usual| usual != execution.output) {
                found.push(Deviation::Output);
            }
            if group.ending.as_ref().is_some_and(|usual| *usual != execution.ending) {
                found.push(Deviation::Ending);
            }
            // The baseline fills caches that later executions use.
            let Some(usual) = group.effects.as_ref().filter(|_| !is_baseline[*index]) else { continue };
            let effects = lasting(execution);
            let (new, missing): (BTreeSet<_>, BTreeSet<_>) =
                (effects.difference(usual).cloned().collect(), usual.difference(&effects).cloned().collect());
            if !new.is_empty() && !found.iter().any(|deviation| matches!(deviation, Deviation::New(_))) {
                found.push(Deviation::New(new));
            }
            if !missing.is_empty() {
                found.push(Deviation::Missing(missing));
            }
        }
    }
}
