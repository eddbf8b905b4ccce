//! Clocks, waiting, and the calendar.

use crate::bindings::wasi::{
    clocks::{monotonic_clock, wall_clock},
    random::random,
};

/// Seconds of a day.
pub const DAY: u64 = 86_400;

/// Seconds since 1970.
pub fn now() -> u64 {
    wall_clock::now().seconds
}

/// Nanoseconds of the monotonic clock.
pub fn monotonic() -> u64 {
    monotonic_clock::now()
}

/// Waits.
pub fn sleep_ms(milliseconds: u64) {
    monotonic_clock::subscribe_duration(milliseconds * 1_000_000).block();
}

/// Random bits.
pub fn random_u64() -> u64 {
    random::get_random_u64()
}

/// A moment as the calendar has it, in UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    pub year: u64,
    /// From 1.
    pub month: u64,
    /// From 1.
    pub day: u64,
    pub hour: u64,
    pub minute: u64,
    /// 0 is Sunday.
    pub weekday: u64,
}

/// The date of a number of seconds since 1970.
pub fn date(seconds: u64) -> Date {
    let mut days = seconds / DAY;
    // The first of January 1970 was a Thursday.
    let weekday = (days + 4) % 7;
    let mut year = 1970;
    while days >= days_of_year(year) {
        days -= days_of_year(year);
        year += 1;
    }
    let mut month = 1;
    while days >= days_of_month(year, month) {
        days -= days_of_month(year, month);
        month += 1;
    }
    Date { year, month, day: days + 1, hour: seconds % DAY / 3600, minute: seconds % 3600 / 60, weekday }
}

/// The present date.
pub fn today() -> Date {
    date(now())
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400)
}

fn days_of_year(year: u64) -> u64 {
    365 + u64::from(is_leap(year))
}

fn days_of_month(year: u64, month: u64) -> u64 {
    match month {
        2 => 28 + u64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
