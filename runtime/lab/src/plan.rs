//! What a monitoring is allowed, and what it hands back.

use std::time::Duration;

use invar_engine::Patience;

/// How much is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Runs of the series.
    pub runs: u32,
    /// Runs to follow up with.
    pub followups_max: u32,
    /// Fuel to follow up with.
    pub followup_fuel_max: u64,
    /// Traces to hand back.
    pub keep: KeepTraces,
    /// Follow up with runs in which one call fails, too.
    pub faults: bool,
    /// How far conditions are searched for.
    pub reach: Reach,
    /// Host time of one run. It changes no result: a run that it ends is none.
    pub run_time: Duration,
}

/// How far conditions are searched for that no run of the series had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Not at all: likely ones are tried, and no more.
    None,
    /// By going on with the series, and by likely times.
    Forward,
    /// By what the skill compares, too.
    Full,
}

/// Which traces are handed back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeepTraces {
    /// None.
    None,
    /// Of the runs that the report speaks of, and of those that all others are held against.
    Findings,
    /// Of all runs.
    All,
}

impl Plan {
    /// Follow-up runs of a monitoring, by default.
    pub const FOLLOWUPS: u32 = 5_000;
    /// Fuel of follow-up runs, by default.
    pub const FOLLOWUP_FUEL: u64 = 10_000_000_000;

    /// Follow-up runs of a search that is asked for.
    pub const SEARCH_RUNS: u32 = 200_000;
    /// And their fuel.
    pub const SEARCH_FUEL: u64 = 200_000_000_000;

    /// With another budget of follow-up runs; that of fuel goes with it in proportion.
    #[must_use]
    pub fn scaled_to(self, followups_max: u32) -> Self {
        let fuel = u128::from(self.followup_fuel_max) * u128::from(followups_max)
            / u128::from(self.followups_max.max(1));
        Self { followups_max, followup_fuel_max: u64::try_from(fuel).unwrap_or(u64::MAX), ..self }
    }

    /// So many runs, followed up as far as a search goes that is asked for.
    #[must_use]
    pub fn search(runs: u32) -> Self {
        Self { followups_max: Self::SEARCH_RUNS, followup_fuel_max: Self::SEARCH_FUEL, ..Self::of(runs) }
    }

    /// So many runs, followed up as far as usual.
    #[must_use]
    pub fn of(runs: u32) -> Self {
        Self {
            runs,
            followups_max: Self::FOLLOWUPS,
            followup_fuel_max: Self::FOLLOWUP_FUEL,
            keep: KeepTraces::Findings,
            reach: Reach::Full,
            faults: false,
            run_time: Patience::default().time,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Plan;

    #[test]
    fn a_budget_of_runs_brings_its_fuel_in_proportion() {
        let plan = Plan::of(20).scaled_to(2 * Plan::FOLLOWUPS);
        assert_eq!(plan.followup_fuel_max, 2 * Plan::FOLLOWUP_FUEL);
        let fuzz = Plan::search(20).scaled_to(Plan::SEARCH_RUNS / 10);
        assert_eq!(fuzz.followup_fuel_max, Plan::SEARCH_FUEL / 10);
        assert_eq!(Plan::of(20).scaled_to(0).followup_fuel_max, 0);
        assert_eq!(Plan::of(20).scaled_to(Plan::FOLLOWUPS), Plan::of(20));
        let most = Plan::search(20).scaled_to(u32::MAX).followup_fuel_max;
        assert!(most > Plan::SEARCH_FUEL, "{most}");
    }
}
