//! Checks the host's clock before it dates an event.
//!
//! Times in a trail never go back. One event with a wrong date would force wrong dates on all later events, and a witness
//! that saw them earlier would contradict each of them: so the clock is checked first.

use invar_ledger::show::time;

/// 1 January 2026: before that this program was not there to write anything.
const EARLIEST_MS: u64 = 1_767_225_600_000;
/// 1 January 2200: whatever shows a later time is no clock that was set.
const LATEST_MS: u64 = 7_258_118_400_000;
/// Milliseconds that the clock may be behind the last event: as much as two clocks that are right may differ. Events are
/// dated as the last one until it has caught up.
const BEHIND_MS_MAX: u64 = 300_000;
/// Milliseconds after the last event without a warning: a trail may be unused for months.
const AHEAD_MS_MAX: u64 = 180 * DAY_MS;
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// The result of the check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Clock {
    /// Nothing contradicts it.
    Fine,
    /// It may be wrong: the warning.
    Doubtful(String),
    /// It must not date an event: why, and what to do.
    Wrong(String),
}

/// The clock that shows `now_ms`, for a trail whose last event is dated `last_ms`.
pub(super) fn check(last_ms: u64, now_ms: u64) -> Clock {
    let shown = |ms: u64| time(ms).unwrap_or_else(|| format!("millisecond {ms}"));
    if !(EARLIEST_MS..LATEST_MS).contains(&now_ms) {
        return Clock::Wrong(format!(
            "the clock of this machine shows {}, which is impossible; set it: no event is written with such a date",
            shown(now_ms)
        ));
    }
    if now_ms.saturating_add(BEHIND_MS_MAX) < last_ms {
        return Clock::Wrong(format!(
            "the clock of this machine shows {}, and the last event is dated {}: one of the two is wrong, and nothing \
             was written. If the clock is wrong, set it. If the date of the event is wrong, \
             `invar ledger succeed --reason TEXT` sets this trail aside and starts a new one that names it",
            shown(now_ms),
            shown(last_ms)
        ));
    }
    if last_ms.saturating_add(AHEAD_MS_MAX) < now_ms {
        return Clock::Doubtful(format!(
            "the clock of this machine shows {}, {} days after the last event of the audit trail; if it is wrong, set it now: \
             the date of an event cannot be corrected, and no event can be written with an earlier date",
            shown(now_ms),
            (now_ms - last_ms) / DAY_MS
        ));
    }
    Clock::Fine
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAST_MS: u64 = 1_800_000_000_000;

    #[test]
    fn a_clock_that_is_right_is_fine() {
        for now_ms in [LAST_MS, LAST_MS + 1, LAST_MS - BEHIND_MS_MAX, LAST_MS + AHEAD_MS_MAX] {
            assert_eq!(check(LAST_MS, now_ms), Clock::Fine, "{now_ms}");
        }
    }

    #[test]
    fn a_clock_far_ahead_is_doubted_and_one_behind_is_refused_with_what_to_do() {
        let Clock::Doubtful(message) = check(LAST_MS, LAST_MS + 200 * DAY_MS) else { panic!() };
        assert!(
            message.contains("200 days after the last event") && message.contains("set it now"),
            "{message}"
        );
        let Clock::Wrong(message) = check(LAST_MS, LAST_MS - BEHIND_MS_MAX - 1) else { panic!() };
        assert!(message.contains("invar ledger succeed"), "{message}");
    }

    #[test]
    fn an_impossible_time_is_refused_whatever_the_trail_says() {
        for now_ms in [0, 1, EARLIEST_MS - 1, LATEST_MS, u64::MAX] {
            for last_ms in [0, LAST_MS, u64::MAX] {
                let Clock::Wrong(message) = check(last_ms, now_ms) else { panic!("{now_ms}") };
                assert!(message.contains("which is impossible"), "{message}");
            }
        }
    }
}
