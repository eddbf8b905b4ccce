//! The executions of one skill, and how each differs from those it is comparable with.

use std::collections::BTreeMap;

use invar_monitor::Deviation;

use crate::{
    cost,
    execution::Execution,
    group::{self, Group},
    new_effects::{self, NewEffects},
    units::{self, Unit},
};

/// Everything that the classes look at.
pub(crate) struct Comparison<'a> {
    /// In order of time; the report numbers them from 1.
    pub(crate) executions: Vec<&'a Execution>,
    /// The executions of one agent with one build.
    pub(crate) units: Vec<Unit>,
    /// The executions with the same build, input and host responses.
    pub(crate) groups: Vec<Group>,
    /// What later executions do that the baseline of their unit does not.
    pub(crate) new_effects: Vec<NewEffects>,
    /// How each execution differs.
    pub(crate) deviations: Vec<Vec<Deviation>>,
}

impl<'a> Comparison<'a> {
    /// Compares the executions of one skill, given in order of time.
    pub(crate) fn of(executions: Vec<&'a Execution>) -> Self {
        let units = units::units(&executions);
        let groups = group::groups(&executions);
        let new_effects = new_effects::find(&executions, &units);
        let mut deviations = vec![Vec::new(); executions.len()];
        for new in &new_effects {
            deviations[new.execution].push(Deviation::New(new.effects.clone()));
        }
        let is_baseline = units::is_baseline(&units, executions.len());
        group::compare(&groups, &executions, &is_baseline, &mut deviations);
        cost::compare(&groups, &executions, &mut deviations);
        Self { executions, units, groups, new_effects, deviations }
    }

    /// The executions of each agent, by their indices, in order.
    pub(crate) fn by_agent(&self) -> BTreeMap<Option<&'a str>, Vec<usize>> {
        let mut agents: BTreeMap<Option<&str>, Vec<usize>> = BTreeMap::new();
        for (index, execution) in self.executions.iter().enumerate() {
            agents.entry(execution.agent.as_deref()).or_default().push(index);
        }
        agents
    }

    /// For each execution, whether it belongs to the baseline of its unit.
    pub(crate) fn is_baseline(&self) -> Vec<bool> {
        units::is_baseline(&self.units, self.executions.len())
    }

    /// For each of these executions, whether it deviates.
    pub(crate) fn deviates(&self, indices: &[usize]) -> Vec<bool> {
        indices.iter().map(|index| !self.deviations[*index].is_empty()).collect()
    }

    /// How many executions deviate.
    pub(crate) fn deviating(&self) -> usize {
        self.deviations.iter().filter(|deviations| !deviations.is_empty()).count()
    }
}
