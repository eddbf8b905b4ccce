//! All conditions on all control runs.

use crate::{
    Declared, Lab, LabError, Row,
    class::environment::{
        control::{ControlRun, controls},
        sweep::Trial,
    },
    condition::{AccessedInputs, sweeps},
    results::Investigation,
};

/// Every condition, tried on run 1 and on the last run like it, which has what earlier runs left: some of each kind
/// first, the rest as far as there is budget.
#[derive(Default)]
pub(crate) struct ConditionTests {
    controls: Vec<ControlRun>,
    /// Those of the first control run, then those of the next.
    trials: Vec<Trial>,
    /// Kinds that the skill has no way to notice.
    unnoticed: Vec<&'static str>,
    /// What moves the output of the control runs was looked at.
    has_learned: bool,
}

impl ConditionTests {
    /// The control runs.
    pub(crate) fn controls(&self) -> &[ControlRun] {
        &self.controls
    }

    /// Tries some conditions of every kind: one of each source, as far as there are few.
    pub(crate) fn begin(
        &mut self,
        declared: &Declared,
        rows: &[Row],
        lab: &mut dyn Lab,
    ) -> Result<(), LabError> {
        self.controls = controls(rows, lab)?;
        let looks = AccessedInputs::of(self.controls.iter().map(|control| control.behaviour.as_ref()));
        for (index, control) in self.controls.iter().enumerate() {
            let is_given = |path: &str| lab.content(1, path).is_some();
            let start = lab.started(control.run);
            for sweep in sweeps(&looks, start, &lab.variables(), declared.envelope.as_ref(), is_given) {
                match sweep.conditions.is_empty() {
                    false => self.trials.push(Trial::new(index, sweep)),
                    true if !self.unnoticed.contains(&sweep.name) => self.unnoticed.push(sweep.name),
                    true => {}
                }
            }
        }
        for trial in &mut self.trials {
            let first = trial.sweep.first();
            trial.ask(&first, &self.controls, lab)?;
        }
        Ok(())
    }

    /// Tries the rest, kind by kind.
    pub(crate) fn ask_rest(&mut self, lab: &mut dyn Lab) -> Result<(), LabError> {
        for trial in &mut self.trials {
            let open = trial.open();
            trial.ask(&open, &self.controls, lab)?;
        }
        Ok(())
    }

    /// Judges what was tried since this was done last.
    pub(crate) fn judge(
        &mut self,
        declared: &Declared,
        investigation: &mut Investigation,
        lab: &mut dyn Lab,
    ) -> Result<(), LabError> {
        investigation.environment.unnoticed.clone_from(&self.unnoticed);
        if !std::mem::replace(&mut self.has_learned, true) {
            for control in &mut self.controls {
                let done = control.learn(declared, &investigation.output, lab);
                investigation.tolerate(done)?;
            }
        }
        for trial in self.trials.iter_mut().filter(|trial| trial.is_news()) {
            trial.judge(declared, &self.controls, investigation, lab)?;
        }
        Ok(())
    }

    /// Says what was not tried.
    pub(crate) fn finish(self, investigation: &mut Investigation) {
        let cut_short = self.trials.iter().filter(|trial| !trial.open().is_empty());
        let untried = &mut investigation.environment.untried;
        for trial in cut_short {
            if !untried.contains(&trial.sweep.name) {
                untried.push(trial.sweep.name);
            }
        }
    }
}
