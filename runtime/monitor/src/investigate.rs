//! The questions of the protocol, in their order, and what each may spend.
//!
//! Breadth first: what the series itself raises, one cheap pass over every class and every source, and then each class as
//! far as its share of the budget goes.

use crate::{
    Allowance, Baseline, Class, Cost, Declared, Deviation, Lab, LabError, Protocol, Row, Spent, Stored,
    Unmet,
    budget::{self, CONFIRMING_RUNS, minimum},
    class::{self, environment::ConditionTests, performance::SizeSeries},
    fault,
    followup::{FollowUp, follow},
    grouping::{Group, groups},
    inconclusive,
    results::Investigation,
};

/// Percent of what is left of the budget that a question may spend before the next one is asked. Stops one class from
/// starving the others.
const SHARE_PERCENT: u32 = 50;

/// The same beyond the minimum of a class.
const MINIMUM_SHARE_PERCENT: u32 = 25;

/// What a question may spend.
#[derive(Debug, Clone, Copy)]
enum Spending {
    /// The minimum of a class, whatever a run costs, and a share of the budget. A class that does not get its minimum is
    /// unmet.
    Minimum(Class, u32),
    /// A share of what is left, and so many runs whatever they cost.
    Share(Allowance),
    /// What the question before it left of its share.
    Rest,
}

/// Asks the lab, and takes the answers.
type Ask<'a> = fn(&mut Inquiry<'a>, &mut dyn Lab) -> Result<(), LabError>;

/// One question of the protocol.
struct Step<'a> {
    spending: Spending,
    ask: Ask<'a>,
    /// It is asked again at the end, with what is left then: only that says whether the budget lasted.
    is_repeated: bool,
}

/// What the questions are about, and what they came to.
pub(crate) struct Inquiry<'a> {
    pub(crate) declared: &'a Declared,
    pub(crate) protocol: Protocol,
    pub(crate) stored: Option<&'a Stored>,
    pub(crate) rows: &'a [Row],
    pub(crate) baseline: &'a Baseline,
    /// Costs that grow from run to run, and the runs past halfway.
    pub(crate) grown: Vec<(Deviation, Vec<u32>)>,
    pub(crate) conditions: ConditionTests,
    pub(crate) sizes: SizeSeries,
    pub(crate) investigation: &'a mut Investigation,
}

impl<'a> Inquiry<'a> {
    /// Asks everything.
    ///
    /// # Errors
    /// The lab failed. A used-up budget is no error: the investigation says so.
    pub(crate) fn ask_all(mut self, lab: &mut dyn Lab) -> Result<(), LabError> {
        for step in self.steps() {
            self.take(&step, lab)?;
        }
        self.conditions.finish(self.investigation);
        Ok(())
    }

    fn steps(&self) -> [Step<'a>; 13] {
        let outputs_min = class::output::minimum(self.baseline, self.rows);
        let sizes_min = class::performance::minimum(self.rows);
        let conditions_min = minimum(Class::Environment) - CONFIRMING_RUNS;
        [
            // What the series itself raises, and some of every condition and size.
            Step::minimum(Class::ExecutionCount, minimum(Class::ExecutionCount), Self::follow_deviations),
            Step::minimum(Class::OutputDeterminism, outputs_min, Self::compare_outputs),
            Step::minimum(Class::Envelope, minimum(Class::Envelope), Self::unset_undeclared_variables),
            Step::minimum(Class::Environment, conditions_min, Self::try_first_conditions),
            Step::minimum(Class::Performance, sizes_min, Self::measure_first_sizes),
            // What is left is shared.
            Step { is_repeated: true, ..Step::share(0, SHARE_PERCENT, Self::try_other_conditions) },
            Step::share(CONFIRMING_RUNS, SHARE_PERCENT, Self::judge_conditions),
            Step::share(0, SHARE_PERCENT, Self::measure_other_sizes),
            Step::rest(Self::judge_sizes),
            Step::share(0, SHARE_PERCENT, Self::inject_faults),
            // What takes as many runs as there are comes last.
            Step::share(0, 100, Self::search),
            Step::rest(Self::try_other_conditions),
            Step::rest(Self::judge_conditions),
        ]
    }

    /// Asks one question. The only place where the protocol accounts for its budget.
    fn take(&mut self, step: &Step<'a>, lab: &mut dyn Lab) -> Result<(), LabError> {
        match step.spending {
            Spending::Minimum(_, at_least) => {
                lab.allow(Allowance { at_least, percent: MINIMUM_SHARE_PERCENT });
            }
            Spending::Share(allowance) => lab.allow(allowance),
            Spending::Rest => {}
        }
        let before = lab.followups();
        let done = (step.ask)(self, lab);
        if let (Spending::Minimum(class, at_least), Err(LabError::OutOfBudget(spent))) =
            (step.spending, &done)
        {
            let is_short = lab.followups() - before < at_least;
            let raise = self.what_to_raise(*spent, is_short, lab);
            self.investigation.unmet.extend(raise.map(|raise| Unmet { class, raise }));
        }
        match done {
            Err(LabError::OutOfBudget(_)) if step.is_repeated => Ok(()),
            done => self.investigation.tolerate(done),
        }
    }

    /// What would let a class have its minimum of questions; none: it had it.
    fn what_to_raise(&self, spent: Spent, is_short: bool, lab: &dyn Lab) -> Option<String> {
        match spent {
            Spent::Minimum => {
                let fuel_of_a_run = self.baseline.usual(Cost::Fuel);
                Some(budget::raise(fuel_of_a_run, lab.followup_fuel()))
            }
            Spent::Interrupted if is_short => Some("it was interrupted: let it run to its end".into()),
            Spent::HostTime if is_short => Some(inconclusive::FASTER_HOST.into()),
            _ => None,
        }
    }

    /// What do the deviations of the series depend on?
    fn follow_deviations(&mut self, lab: &mut dyn Lab) -> Result<(), LabError> {
        let grown = std::mem::take(&mut self.grown).into_iter();
        let grown = grown.map(|(deviation, runs)| Group { deviations: vec![deviation], runs });
        let baseline = self.baseline.clone();
        let total = self.total();
        let all: Vec<_> = groups(self.rows)
            .into_iter()
            .chain(grown)
            .map(|Group { deviations, runs }| {
                (FollowUp { deviations, runs, total, ..FollowUp::default() }, baseline.clone())
            })
            .collect();
        self.follow_up(all, lab)
    }

    /// What does output vary with, and what do the outputs depend on that still differ?
    fn compare_outputs(&mut self, lab: &mut dyn Lab) -> Result<(), LabError> {
        let total = self.total();
        let unexplained = class::output::investigate(self.baseline, self.rows, self.investigation, lab)?;
        let all: Vec<_> = unexplained
            .into_iter()
            .map(|class::output::Unexplained { deviation, runs, held, in_calls, baseline }| {
                let deviations = vec![deviation];
                (FollowUp { deviations, runs, total, held, in_calls, ..FollowUp::default() }, baseline)
            })
            .collect();
        self.follow_up(all, lab)
    }

    /// Which undeclared variables are read?
    fn unset_undeclared_variables(&mut self, lab: &mut dyn Lab) -> Result<(), LabError> {
        class::envelope::investigate(self.declared, self.investigation, lab)
    }

    /// Does a condition change the behaviour: the likeliest of each kind?
    fn try_first_conditions(&mut self, lab: &mut dyn Lab) -> Result<(), LabError> {
        self.conditions.begin(self.declared, self.rows, lab)
    }

    /// The same for all other conditions.
    fn try_other_conditions(&mut self, lab: &mut dyn Lab) -> Result<(), LabError> {
        self.conditions.ask_rest(lab)
    }

    /// Are the changes of behaviour specific to their conditions, and where do they begin?
    fn judge_conditions(&mut self, lab: &mut dyn Lab) -> Result<(), LabError> {
        self.conditions.judge(self.declared, self.investigation, lab)
    }

    /// What do inputs of several sizes cost: as many as a fit needs?
    fn measure_first_sizes(&mut self, lab: &mut dyn Lab) -> Result<(), LabError> {
        self.sizes.begin(self.declared, lab)
    }

    /// The same for all other sizes.
    fn measure_other_sizes(&mut self, lab: &mut dyn Lab) -> Result<(), LabError> {
        self.sizes.ask_rest(lab)
    }

    /// From which sizes on does it do more?
    fn judge_sizes(&mut self, lab: &mut dyn Lab) -> Result<(), LabError> {
        let series = std::mem::take(&mut self.sizes);
        class::performance::judge(series, self.declared, self.stored, self.investigation, lab)
    }

    /// Does it do more when a call fails?
    fn inject_faults(&mut self, lab: &mut dyn Lab) -> Result<(), LabError> {
        match self.protocol.faults {
            true => fault::investigate(self.declared, self.rows, self.investigation, lab),
            false => Ok(()),
        }
    }

    /// Which inputs flip the comparisons that it makes?
    fn search(&mut self, lab: &mut dyn Lab) -> Result<(), LabError> {
        let controls = self.conditions.controls();
        class::environment::search(self.declared, self.rows, controls, self.investigation, lab)
    }

    /// Follows patterns of deviation up. What was seen is reported, whether it could be followed or not.
    fn follow_up(&mut self, all: Vec<(FollowUp, Baseline)>, lab: &mut dyn Lab) -> Result<(), LabError> {
        let mut ended = Ok(());
        for (mut seen, baseline) in all {
            let done = follow(&baseline, self.rows, &mut seen, lab);
            self.investigation.groups.push(seen);
            match done {
                Err(LabError::OutOfBudget(spent)) => ended = ended.and(Err(LabError::OutOfBudget(spent))),
                other => other?,
            }
        }
        ended
    }

    /// Runs of the series.
    fn total(&self) -> u32 {
        u32::try_from(self.rows.len()).unwrap_or(u32::MAX)
    }
}

impl<'a> Step<'a> {
    fn minimum(class: Class, at_least: u32, ask: Ask<'a>) -> Self {
        Self { spending: Spending::Minimum(class, at_least), ask, is_repeated: false }
    }

    fn share(at_least: u32, percent: u32, ask: Ask<'a>) -> Self {
        Self { spending: Spending::Share(Allowance { at_least, percent }), ask, is_repeated: false }
    }

    fn rest(ask: Ask<'a>) -> Self {
        Self { spending: Spending::Rest, ask, is_repeated: false }
    }
}
