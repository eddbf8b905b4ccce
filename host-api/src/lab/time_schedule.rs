//! Time as an earlier run had it.

use std::sync::Arc;

use invar_trace::{FunctionId, Trace, TraceError};

/// When each call of a run came, for a run whose time is not to follow from its fuel: that of an instrumented copy,
/// which burns more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TimeSchedule(Vec<(FunctionId, u64)>);

impl TimeSchedule {
    /// The calls of a trace, and its end.
    ///
    /// # Errors
    /// An event cannot be read.
    pub fn of(trace: &Trace) -> Result<Self, TraceError> {
        let calls = trace.events().map(|event| event.map(|event| (event.function, event.time_ns)));
        Ok(Self(calls.collect::<Result<_, _>>()?))
    }
}

/// How far a run has come in a schedule.
#[derive(Debug, Clone)]
pub(super) struct ScheduledTime {
    schedule: Arc<TimeSchedule>,
    /// The call that comes next; none: the run has called something else, or more.
    next: Option<usize>,
}

impl ScheduledTime {
    /// Time that a call takes that the schedule does not hold.
    const CALL_NS: u64 = 1000;

    /// At the start of the schedule.
    pub(super) fn new(schedule: Arc<TimeSchedule>) -> Self {
        Self { schedule, next: Some(0) }
    }

    /// The time of a call of `function`, where it was `before_ns`. It moves on even if the run has waited for longer
    /// than the schedule holds.
    pub(super) fn tick(&mut self, function: FunctionId, before_ns: u64) -> u64 {
        let recorded =
            self.next.and_then(|next| self.schedule.0.get(next)).filter(|(name, _)| *name == function);
        self.next = self.next.filter(|_| recorded.is_some()).map(|next| next + 1);
        match recorded {
            Some((_, ns)) => before_ns.saturating_add(1).max(*ns),
            None => before_ns.saturating_add(Self::CALL_NS),
        }
    }
}

#[cfg(test)]
mod tests {
    use invar_trace::FunctionId;

    use super::{ScheduledTime, TimeSchedule};

    #[test]
    fn the_script_says_the_time_until_the_run_calls_something_else() {
        let [one, two] = [FunctionId(1), FunctionId(2)];
        let schedule = TimeSchedule(vec![(one, 10), (two, 500), (one, 900), (two, 5000)]);
        let mut on_schedule = ScheduledTime::new(schedule.into());
        assert_eq!(on_schedule.tick(one, 0), 10);
        assert_eq!(on_schedule.tick(two, 10), 500);
        assert_eq!(on_schedule.tick(two, 500), 1500, "it is not the recorded call");
        assert_eq!(on_schedule.tick(two, 1500), 2500, "nor is any after it");
    }

    #[test]
    fn time_goes_on_after_the_script_and_never_back() {
        let one = FunctionId(1);
        let mut on_schedule = ScheduledTime::new(TimeSchedule(vec![(one, 10), (one, 20)]).into());
        assert_eq!(on_schedule.tick(one, 700), 701);
        assert_eq!(on_schedule.tick(one, 701), 702);
        assert_eq!(on_schedule.tick(one, 702), 1702);
        assert_eq!(on_schedule.tick(one, u64::MAX), u64::MAX);
    }
}
