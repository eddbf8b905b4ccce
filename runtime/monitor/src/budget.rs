//! What follow-up runs may cost: a minimum for each class whatever a run costs, then a share of the budget.
//!
//! Without a minimum a skill that burns much a run is called consistent after a handful of questions; without shares
//! the class that comes first takes what all need.

use crate::{Class, LabError, Spent};

/// Questions that a class may ask whatever a run costs, as `docs/limits.md` lists them. Stops a skill from evading
/// questions by burning the budget. Follow-ups of deviations stand for resource usage, side effects and execution count,
/// which the series itself raises.
pub(crate) const MINIMUM_RUNS: [(Class, u32); 5] = [
    (Class::OutputDeterminism, 8),
    (Class::ExecutionCount, 30),
    (Class::Envelope, 12),
    (Class::Environment, 100),
    (Class::Performance, 10),
];

/// Fuel up to which minimums are guaranteed, or the budget of fuel where that is larger: about five minutes of one core.
/// Stops a skill that burns 10 G a run from keeping a machine busy for an hour: a class that does not get its minimum
/// below this makes the verdict INCONCLUSIVE.
pub const MINIMUM_FUEL_MAX: u64 = 300_000_000_000;

/// Runs of the minimum of the environment that are kept to confirm what the others show.
pub(crate) const CONFIRMING_RUNS: u32 = 16;

/// The minimum of a class.
pub(crate) fn minimum(class: Class) -> u32 {
    MINIMUM_RUNS.iter().find(|(listed, _)| *listed == class).map_or(0, |(_, runs)| *runs)
}

/// What may be spent from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Runs that may be made whatever they cost, up to the ceiling of fuel.
    pub at_least: u32,
    /// Percent of what is left of the budget that may be spent beyond.
    pub percent: u32,
}

/// What was spent on follow-up runs, and what may be.
#[derive(Debug, Clone)]
pub struct Budget {
    runs_max: u64,
    fuel_max: u64,
    runs: u64,
    fuel: u64,
    /// Under the current allowance: runs that are guaranteed, up to this many in all.
    guaranteed_to: u64,
    /// And how far its share goes.
    runs_to: u64,
    fuel_to: u64,
}

impl Budget {
    /// So many runs, and so much fuel.
    #[must_use]
    pub fn new(runs_max: u64, fuel_max: u64) -> Self {
        Self { runs_max, fuel_max, runs: 0, fuel: 0, guaranteed_to: 0, runs_to: runs_max, fuel_to: fuel_max }
    }

    /// Follow-up runs that were made.
    #[must_use]
    pub fn runs(&self) -> u64 {
        self.runs
    }

    /// Fuel that they burnt.
    #[must_use]
    pub fn fuel(&self) -> u64 {
        self.fuel
    }

    /// Runs and fuel up to which `percent` of what is left goes.
    #[must_use]
    pub fn share(&self, percent: u32) -> (u64, u64) {
        let to = |spent: u64, max: u64| {
            // In two steps, so that nothing overflows.
            let left = max.saturating_sub(spent);
            spent + left / 100 * u64::from(percent) + left % 100 * u64::from(percent) / 100
        };
        (to(self.runs, self.runs_max), to(self.fuel, self.fuel_max))
    }

    /// Begins what another allowance is for.
    pub fn allow(&mut self, allowance: Allowance) {
        self.guaranteed_to = self.runs + u64::from(allowance.at_least);
        (self.runs_to, self.fuel_to) = self.share(allowance.percent);
    }

    /// Whether so many more runs may be made.
    ///
    /// # Errors
    /// They may not, and why.
    pub fn check(&self, runs: u64) -> Result<(), LabError> {
        let all = self.runs + runs;
        if all <= self.runs_to && self.fuel < self.fuel_to {
            return Ok(());
        }
        let is_guaranteed = all <= self.guaranteed_to;
        Err(LabError::OutOfBudget(match (is_guaranteed, self.fuel < self.ceiling()) {
            (true, true) => return Ok(()),
            (true, false) => Spent::Minimum,
            (false, _) if all > self.runs_to => Spent::Runs,
            (false, _) => Spent::Fuel,
        }))
    }

    /// Pays for a run.
    pub fn spend(&mut self, fuel: u64) {
        self.spend_many(1, fuel);
    }

    /// Pays for several runs.
    pub fn spend_many(&mut self, runs: u64, fuel: u64) {
        self.runs += runs;
        self.fuel = self.fuel.saturating_add(fuel);
    }

    /// Runs of `each` fuel that can be made at once without going far past what may be spent.
    #[must_use]
    pub fn affordable(&self, each: u64) -> u64 {
        let is_guaranteed = self.runs < self.guaranteed_to;
        let to = if is_guaranteed { self.fuel_to.max(self.ceiling()) } else { self.fuel_to };
        to.saturating_sub(self.fuel) / each.max(1)
    }

    fn ceiling(&self) -> u64 {
        self.fuel_max.max(MINIMUM_FUEL_MAX)
    }
}

/// What to raise so that minimums can be asked of a skill whose runs cost `fuel` each, when so much was `spent` in vain.
pub(crate) fn raise(fuel: u64, spent: u64) -> String {
    const G: u64 = 1_000_000_000;
    let runs: u32 = MINIMUM_RUNS.iter().map(|(_, runs)| runs).sum();
    let needed = fuel.saturating_mul(runs.into()).max(spent.saturating_mul(2));
    format!("raise --fuel-budget to {}G", needed.div_ceil(G).max(1))
}

#[cfg(test)]
mod tests {
    use super::{Allowance, Budget, MINIMUM_FUEL_MAX, MINIMUM_RUNS, Spent, raise};
    use crate::{Class, LabError};

    const G: u64 = 1_000_000_000;

    fn ended(budget: &Budget, runs: u64) -> Option<Spent> {
        match budget.check(runs) {
            Err(LabError::OutOfBudget(spent)) => Some(spent),
            _ => None,
        }
    }

    #[test]
    fn a_minimum_is_guaranteed_whatever_a_run_costs_up_to_the_ceiling() {
        let mut budget = Budget::new(0, G);
        budget.allow(Allowance { at_least: 40, percent: 100 });
        for _ in 0..40 {
            assert_eq!(ended(&budget, 1), None);
            budget.spend(2 * G);
        }
        assert_eq!(ended(&budget, 1), Some(Spent::Runs));
        budget.allow(Allowance { at_least: 40, percent: 100 });
        budget.spend(MINIMUM_FUEL_MAX);
        assert_eq!(ended(&budget, 1), Some(Spent::Minimum));
    }

    #[test]
    fn a_larger_budget_of_fuel_raises_the_ceiling() {
        let mut budget = Budget::new(10, 4 * MINIMUM_FUEL_MAX);
        budget.allow(Allowance { at_least: 10, percent: 0 });
        budget.spend(2 * MINIMUM_FUEL_MAX);
        assert_eq!(ended(&budget, 1), None);
    }

    #[test]
    fn one_share_leaves_the_others_and_says_which_budget_it_was() {
        let mut budget = Budget::new(1000, 1000 * G);
        budget.allow(Allowance { at_least: 0, percent: 50 });
        budget.spend_many(500, 0);
        assert_eq!(ended(&budget, 1), Some(Spent::Runs));
        budget.allow(Allowance { at_least: 0, percent: 50 });
        assert_eq!(ended(&budget, 250), None);
        assert_eq!(ended(&budget, 251), Some(Spent::Runs));
        budget.spend_many(1, 500 * G);
        assert_eq!(ended(&budget, 1), Some(Spent::Fuel));
    }

    #[test]
    fn small_budgets_are_shared_to_the_run() {
        let mut budget = Budget::new(20, G);
        budget.allow(Allowance { at_least: 0, percent: 50 });
        assert_eq!((ended(&budget, 10), ended(&budget, 11)), (None, Some(Spent::Runs)));
    }

    #[test]
    fn what_can_be_afforded_follows_what_is_allowed() {
        let mut budget = Budget::new(1000, 10 * G);
        assert_eq!(budget.affordable(G), 10);
        budget.spend(10 * G);
        assert_eq!(budget.affordable(G), 0);
        budget.allow(Allowance { at_least: 3, percent: 0 });
        assert_eq!(budget.affordable(G), (MINIMUM_FUEL_MAX - 10 * G) / G);
    }

    #[test]
    fn the_minimums_come_to_about_a_hundred_and_fifty_runs_and_none_is_left_out() {
        let all: u32 = MINIMUM_RUNS.iter().map(|(_, runs)| runs).sum();
        assert!((140..=160).contains(&all), "{all}");
        let listed = |class: Class| MINIMUM_RUNS.iter().any(|(listed, _)| *listed == class);
        assert!(listed(Class::Environment) && listed(Class::Performance) && listed(Class::Envelope));
    }

    #[test]
    fn what_to_raise_is_enough_for_every_minimum() {
        assert_eq!(raise(10 * G, 300 * G), "raise --fuel-budget to 1600G");
        assert_eq!(raise(1, 300 * G), "raise --fuel-budget to 600G");
    }
}
