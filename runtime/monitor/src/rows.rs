//! The runs of a series. What they have in common they share.

use std::sync::Arc;

use invar_trace::{Behaviour, CallEnd};

use crate::{Baseline, Deviation, Row, RunEffects};

/// Rows that share what they have in common.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    rows: Vec<Row>,
    run_effects: Vec<Arc<RunEffects>>,
    deviations: Vec<Arc<[Deviation]>>,
}

/// Distinct sets that are looked through for one to share; past this a run keeps a copy.
const SHARED_MAX: usize = 64;

impl Rows {
    pub(crate) fn push(&mut self, run: u32, behaviour: &Behaviour, deviations: &[Deviation]) {
        let run_effects = RunEffects {
            effects: behaviour.effects.clone(),
            violations: behaviour.violations.clone(),
            traffic: behaviour.traffic.clone(),
            effect_calls: behaviour.effect_calls.clone(),
        };
        let run_effects = match self.run_effects.iter().find(|known| ***known == run_effects) {
            Some(shared) => shared.clone(),
            None => {
                let new = Arc::new(run_effects);
                if self.run_effects.len() < SHARED_MAX {
                    self.run_effects.push(new.clone());
                }
                new
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
            tool_calls: self.share_calls(&behaviour.tool_calls),
            resources: behaviour.resources,
            run_effects,
            deviations,
            stands_out: false,
        });
    }

    fn share_calls(&self, calls: &[CallEnd]) -> Arc<[CallEnd]> {
        let last = self.rows.last().map(|row| &row.tool_calls).filter(|last| ***last == *calls);
        last.map_or_else(|| calls.into(), Arc::clone)
    }

    fn share(&mut self, deviations: &[Deviation]) -> Arc<[Deviation]> {
        match self.deviations.iter().find(|known| ***known == *deviations) {
            Some(shared) => shared.clone(),
            None => {
                let new: Arc<[Deviation]> = deviations.into();
                if self.deviations.len() < SHARED_MAX {
                    self.deviations.push(new.clone());
                }
                new
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
