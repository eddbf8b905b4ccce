//! Do deviations fall into some hours or weekdays more often than by chance?
//!
//! Fisher's exact test, one-sided, for each of 24 hours and 7 weekdays: of all executions, those in the hour are
//! marked, those that deviate are drawn. The 31 tests share the chance of a false alarm (C. Bonferroni, 1936).

use invar_monitor::statistics::{hypergeometric::Factorials, real};

/// The chance of a false alarm over a whole log.
pub(crate) const ALPHA: f64 = 1e-3;
/// Hours and weekdays.
const TESTS: usize = 24 + 7;

/// An hour or weekday that deviations fall into.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Associated {
    /// Which: the hour, or the weekday from Monday = 0.
    pub(crate) class: u8,
    /// Deviations in it.
    pub(crate) deviating: usize,
    /// Executions in it.
    pub(crate) executions: usize,
    /// The chance of so many, corrected for the number of tests.
    pub(crate) p: f64,
}

/// The class that deviations fall into most surprisingly, if chance does not explain it. `classes` and `fired`
/// are of the same executions.
pub(crate) fn find(classes: &[u8], fired: &[bool]) -> Option<Associated> {
    let factorials = Factorials::up_to(classes.len());
    let drawn = fired.iter().filter(|fired| **fired).count();
    let mut tallies = [(0_usize, 0_usize); 24];
    for (class, fired) in classes.iter().zip(fired) {
        if let Some((executions, deviating)) = tallies.get_mut(usize::from(*class)) {
            *executions += 1;
            *deviating += usize::from(*fired);
        }
    }
    (0_u8..)
        .zip(tallies)
        .map(|(class, (executions, deviating))| {
            let p = factorials.at_least(deviating, classes.len(), executions, drawn) * real(TESTS);
            Associated { class, deviating, executions, p: p.min(1.0) }
        })
        .filter(|found| found.p <= ALPHA)
        .min_by(|a, b| a.p.total_cmp(&b.p))
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::statistics::stream::Stream;

    #[test]
    fn deviations_at_one_hour_are_noticed_and_those_at_any_are_not() {
        let hours: Vec<u8> = (0..240_u32).map(|run| u8::try_from(run % 24).unwrap()).collect();
        let at_three: Vec<bool> = hours.iter().map(|hour| *hour == 3).collect();
        let found = find(&hours, &at_three).unwrap();
        assert_eq!((found.class, found.deviating, found.executions), (3, 10, 10));
        let mut stream = Stream(3);
        let mut alarms = 0;
        for _ in 0..300 {
            let fired: Vec<bool> = hours.iter().map(|_| stream.unit() < 0.1).collect();
            alarms += usize::from(find(&hours, &fired).is_some());
        }
        assert!(alarms <= 1, "{alarms} of 300");
    }

    #[test]
    fn a_log_of_one_hour_says_nothing_about_hours() {
        assert_eq!(find(&[5; 50], &[true; 50]), None);
        let fired: Vec<bool> = (0..50).map(|run| run % 2 == 0).collect();
        assert_eq!(find(&[5; 50], &fired), None);
    }
}
