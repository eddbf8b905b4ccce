//! Asks for a run with one part of a condition changed.

use invar_trace::Behaviour;
use invar_world::Change;

use crate::{Lab, LabError, Question};

/// Asks for the run with one part changed, and the others as found.
pub(super) struct PartQuery<'a> {
    pub(super) of: u32,
    pub(super) others: Vec<Change>,
    pub(super) shows: &'a dyn Fn(&Behaviour) -> bool,
    pub(super) lab: &'a mut dyn Lab,
}

impl PartQuery<'_> {
    /// The question with one part as said.
    pub(super) fn question(&self, change: Change) -> Question {
        let mut changes = self.others.clone();
        changes.push(change);
        // Time since start moves the wall clock too: it goes first.
        changes.sort_by_key(|change| !matches!(change, Change::Advance(_)));
        Question { changes, ..Question::again(self.of) }
    }

    /// Whether each shows what was found.
    pub(super) fn show(&mut self, changes: &[Change]) -> Result<Vec<bool>, LabError> {
        let questions: Vec<Question> = changes.iter().map(|change| self.question(change.clone())).collect();
        Ok(self.lab.ask(&questions)?.iter().map(|run| (self.shows)(run)).collect())
    }
}
