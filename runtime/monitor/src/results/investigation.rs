//! Everything that was found out about one series.

use std::collections::BTreeMap;

use crate::{
    Baseline, CodeCoverage, Cost, Dormant, LabError, Searched, Spent, Trigger, Unmet,
    followup::FollowUp,
    growth::Growth,
    results::{EnvironmentResults, FaultResults, OutputVariation, Performance, VariableReads},
};

/// Everything that was found out about one series.
#[derive(Debug, Clone, Default)]
pub(crate) struct Investigation {
    pub(crate) baseline: Baseline,
    pub(crate) groups: Vec<FollowUp>,
    pub(crate) triggers: Vec<Trigger>,
    pub(crate) output: OutputVariation,
    pub(crate) envelope: VariableReads,
    pub(crate) growth: BTreeMap<Cost, Growth>,
    pub(crate) environment: EnvironmentResults,
    pub(crate) faults: FaultResults,
    pub(crate) performance: Performance,
    pub(crate) searched: SearchSummary,
    /// Code that no search executed: what the last one said, which stands for all.
    pub(crate) dormant: Vec<Dormant>,
    /// Which budget ended something first, if one did.
    pub(crate) out_of_budget: Option<Spent>,
    /// Classes that did not get their minimum of questions.
    pub(crate) unmet: Vec<Unmet>,
    /// What the searches executed.
    pub(crate) code: Option<CodeCoverage>,
    /// In which ways the skill resists analysis.
    pub(crate) resists: Vec<String>,
}

impl Investigation {
    /// Continues where a budget ended something, and notes which.
    pub(crate) fn tolerate(&mut self, done: Result<(), LabError>) -> Result<(), LabError> {
        match done {
            Err(LabError::OutOfBudget(spent)) => {
                self.out_of_budget.get_or_insert(spent);
                Ok(())
            }
            other => other,
        }
    }
}

/// How far the search for conditions came, over all runs that it began with.
#[derive(Debug, Clone, Default)]
pub(crate) struct SearchSummary {
    pub(crate) runs: u64,
    pub(crate) comparisons: usize,
    pub(crate) open: usize,
    pub(crate) ms: u64,
    pub(crate) literals: Vec<String>,
    /// The last of the runs after the series.
    pub(crate) forward: u32,
    /// The budget ended those runs.
    pub(crate) is_forward_cut: bool,
    /// What passed between two runs, and how many runs were made so.
    pub(crate) apart: Vec<(&'static str, u32)>,
    pub(crate) ended: Vec<String>,
}

impl SearchSummary {
    pub(crate) fn add(&mut self, searched: &Searched) {
        self.runs += searched.runs;
        self.ms += searched.ms;
        self.literals.clone_from(&searched.literals);
        self.comparisons = self.comparisons.max(searched.comparisons);
        self.open = self.open.max(searched.open);
        let new = searched.ended.iter().filter(|why| !self.ended.contains(why));
        self.ended.extend(new.cloned().collect::<Vec<_>>());
    }
}
