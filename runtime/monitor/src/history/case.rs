//! The executions of one skill, and how each differs from those it can be held against.

use std::collections::BTreeMap;

use invar_world::Digest;

use super::{
    Execution,
    effects::{self, NewEffects},
    exact::{self, Groups},
    record::Build,
    resources,
};
use crate::Deviation;

/// Executions of a build that its later ones are held against.
pub(super) const BASELINE: usize = 3;

/// Everything that the classes look at.
pub(super) struct Case<'a> {
    /// In order of time; the report numbers them from 1.
    pub(super) executions: Vec<&'a Execution>,
    /// Those of one agent with one build, by their indices, in order.
    pub(super) units: Vec<Vec<usize>>,
    /// Those with the same build, input and answers from outside.
    pub(super) groups: Groups,
    /// What later executions do that the first of their unit do not.
    pub(super) new: Vec<NewEffects>,
    /// How each differs.
    pub(super) deviations: Vec<Vec<Deviation>>,
}

/// What makes executions comparable to the bit. Without a digest of the answers from outside, those of one agent
/// only: another agent's world is another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key<'a> {
    pub(super) build: Build<'a>,
    pub(super) agent: Option<&'a str>,
    pub(super) input: &'a Digest,
    pub(super) outside: Option<&'a Digest>,
}

impl<'a> Key<'a> {
    pub(super) fn of(execution: &'a Execution) -> Self {
        Self {
            build: execution.build(),
            agent: execution.agent.as_deref().filter(|_| execution.outside.is_none()),
            input: &execution.input,
            outside: execution.outside.as_ref(),
        }
    }
}

impl<'a> Case<'a> {
    /// Of the executions of one skill, in order of time.
    pub(super) fn of(executions: Vec<&'a Execution>) -> Self {
        let mut units: BTreeMap<(Option<&str>, Build<'_>), Vec<usize>> = BTreeMap::new();
        for (index, execution) in executions.iter().enumerate() {
            units.entry((execution.agent.as_deref(), execution.build())).or_default().push(index);
        }
        let mut case = Self {
            deviations: vec![Vec::new(); executions.len()],
            units: units.into_values().collect(),
            groups: exact::groups(&executions),
            new: Vec::new(),
            executions,
        };
        case.new = effects::new(&case);
        for new in &case.new {
            case.deviations[new.execution].push(Deviation::New(new.effects.clone()));
        }
        let is_first = case.is_first();
        exact::mark(&case.groups, &case.executions, &is_first, &mut case.deviations);
        resources::mark(&case.groups, &case.executions, &mut case.deviations);
        case
    }

    /// The executions of each agent, by their indices, in order.
    pub(super) fn by_agent(&self) -> BTreeMap<Option<&'a str>, Vec<usize>> {
        let mut agents: BTreeMap<Option<&str>, Vec<usize>> = BTreeMap::new();
        for (index, execution) in self.executions.iter().enumerate() {
            agents.entry(execution.agent.as_deref()).or_default().push(index);
        }
        agents
    }

    /// Which are the first of their unit, that the later ones are held against.
    pub(super) fn is_first(&self) -> Vec<bool> {
        let mut is_first = vec![false; self.executions.len()];
        self.units
            .iter()
            .flat_map(|unit| unit.iter().take(BASELINE))
            .for_each(|index| is_first[*index] = true);
        is_first
    }

    /// Which deviate, of these.
    pub(super) fn fired(&self, indices: &[usize]) -> Vec<bool> {
        indices.iter().map(|index| !self.deviations[*index].is_empty()).collect()
    }

    /// How many deviate.
    pub(super) fn deviating(&self) -> usize {
        self.deviations.iter().filter(|own| !own.is_empty()).count()
    }
}

/// The numbers that the report gives to executions.
pub(super) fn numbers(indices: impl IntoIterator<Item = usize>) -> Vec<u32> {
    indices.into_iter().map(|index| u32::try_from(index + 1).unwrap_or(u32::MAX)).collect()
}

/// `1 execution`, `12 executions`.
pub(super) fn executions(number: usize) -> String {
    match number {
        1 => "1 execution".into(),
        number => format!("{} executions", crate::count(number as u64)),
    }
}
