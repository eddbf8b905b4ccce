//! Dates as text and as weeks, for skills that make their own calendar.

use alloc::{format, string::String};

use kit::clock::{DAY, Date, date, now};

/// A date as `2026-01-15`.
pub fn iso_date(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
}

/// The week of a moment by ISO 8601: weeks begin on Monday, and belong to the year that their Thursday is in.
pub fn iso_week(seconds: u64) -> u64 {
    let since_monday = (date(seconds).weekday + 6) % 7;
    let thursday = date(seconds + 3 * DAY - since_monday * DAY);
    day_of_year(thursday).div_ceil(7)
}

/// Milliseconds since 1970 as a fraction, which is how scripting languages have them.
pub fn now_ms() -> f64 {
    now() as f64 * 1000.0
}

/// The second within its minute.
pub fn second(seconds: u64) -> u64 {
    seconds % 60
}

/// From 1.
fn day_of_year(date: Date) -> u64 {
    const BEFORE: [u64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let is_leap =
        date.year.is_multiple_of(4) && !date.year.is_multiple_of(100) || date.year.is_multiple_of(400);
    BEFORE[date.month as usize - 1] + date.day + u64::from(is_leap && date.month > 2)
}
