//! Watches a series of runs, and concludes.

use std::{collections::BTreeMap, sync::Arc};

use invar_trace::Behaviour;

use crate::{
    BASELINE_RUNS, Baseline, Cost, Declared, Keep, Lab, LabError, Protocol, Report, Stored, Subject,
    assemble::Concluded,
    class::{environment::ConditionTests, performance::SizeSeries},
    grouping::{Shape, is_only_names, shapes},
    growth::{self, Growth},
    inconclusive::Inconclusive,
    investigate::Inquiry,
    results::Investigation,
    rows::Rows,
};

/// Runs whose state is kept for each shape of deviation, to be asked about.
const KEPT_OF_A_SHAPE: u32 = 2;

/// Deviating runs whose state is kept. Stops a skill that never does the same twice from filling memory.
const KEPT_MAX: usize = 64;

/// Runs whose state is kept when their outputs must be compared with the varying inputs held.
const HELD_MAX: u32 = 1000;

/// Watches a series and concludes.
pub struct Monitor {
    declared: Declared,
    protocol: Protocol,
    stored: Option<Stored>,
    first: Vec<Arc<Behaviour>>,
    baseline: Option<Baseline>,
    rows: Rows,
    /// Runs that were kept for a shape of deviation.
    kept_of: BTreeMap<Shape, u32>,
    kept: usize,
}

impl Monitor {
    /// A monitor of a series that is about to start, to be compared with a stored baseline if there is one.
    #[must_use]
    pub fn new(declared: Declared, stored: Option<Stored>) -> Self {
        Self {
            declared,
            protocol: Protocol::default(),
            stored,
            first: Vec::new(),
            baseline: None,
            rows: Rows::default(),
            kept_of: BTreeMap::new(),
            kept: 0,
        }
    }

    /// The same, by another protocol.
    #[must_use]
    pub fn by(self, protocol: Protocol) -> Self {
        Self { protocol, ..self }
    }

    /// Takes the next run of the series. Says whether the lab must keep its trace, and the state before it.
    pub fn observe(&mut self, run: u32, behaviour: &Arc<Behaviour>) -> Keep {
        let Some(baseline) = &self.baseline else {
            self.rows.push(run, behaviour, &[]);
            self.first.push(behaviour.clone());
            if run == BASELINE_RUNS {
                let stored = self.stored.as_ref().map(|stored| stored.baseline.clone());
                self.baseline = Some(stored.unwrap_or_else(|| Baseline::of(&self.first)));
            }
            return Keep::State;
        };
        let deviations = baseline.compare(behaviour.as_ref());
        self.rows.push(run, behaviour, &deviations);
        let mut is_new = false;
        for (shape, _) in shapes(&deviations, &behaviour.violations) {
            let kept = self.kept_of.entry(shape).or_default();
            is_new |= *kept < KEPT_OF_A_SHAPE && self.kept < KEPT_MAX;
            *kept += 1;
        }
        self.kept += usize::from(is_new);
        let is_held = !baseline.has_one_output() || baseline.sent.len() > 1;
        match (is_new, is_held) {
            (true, _) => Keep::State,
            (false, true) if run <= HELD_MAX => Keep::State,
            (false, _) if is_only_names(&deviations, &behaviour.violations) => Keep::Latest,
            (false, _) => Keep::Nothing,
        }
    }

    /// Whether more runs cannot change that nothing can be said: none of the first came to an exit status. Saves
    /// a skill that never ends from being stopped again and again.
    #[must_use]
    pub fn cannot_conclude(&self) -> bool {
        self.baseline.is_some() && self.first.iter().all(|run| !run.ending.is_complete())
    }

    /// Asks the questions of the protocol, and concludes.
    ///
    /// # Errors
    /// The lab failed. A used-up budget is no error: the report says what was not asked.
    pub fn conclude(mut self, subject: Subject, lab: &mut dyn Lab) -> Result<Report, LabError> {
        let mut baseline = self.baseline.take().unwrap_or_else(|| Baseline::of(&self.first));
        if self.stored.is_none() {
            baseline.settle(self.rows.rows());
        }
        self.rows.compare_with(&baseline);
        let grown = growth::excess(self.rows.rows(), &mut baseline);
        let growth = Cost::ALL.map(|cost| (cost, Growth::of(self.rows.rows(), cost))).into();
        let mut investigation =
            Investigation { baseline: baseline.clone(), growth, ..Investigation::default() };
        let inconclusive =
            Inconclusive::of(self.rows.rows(), &self.first, &subject.id, &self.declared.claims)
                .map(|inconclusive| Inconclusive::of_slow_host(lab).unwrap_or(inconclusive));
        if inconclusive.is_none() {
            let inquiry = Inquiry {
                declared: &self.declared,
                protocol: self.protocol,
                stored: self.stored.as_ref(),
                rows: self.rows.rows(),
                baseline: &baseline,
                grown,
                conditions: ConditionTests::default(),
                sizes: SizeSeries::default(),
                investigation: &mut investigation,
            };
            inquiry.ask_all(lab)?;
        }
        let Self { declared, rows, first, .. } = self;
        Ok(Concluded { declared, subject, rows, first, investigation, inconclusive }.report(lab))
    }
}
