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
    let mut thursday = seconds / DAY + 3 - since_monday;
    let year = date(thursday * DAY).year;
    let mut week = 0;
    while thursday >= 7 && date(thursday * DAY).year == year {
        thursday -= 7;
        week += 1;
    }
    week
}

/// Milliseconds since 1970 as a fraction, which is how scripting languages have them.
pub fn now_ms() -> f64 {
    now() as f64 * 1000.0
}

/// The second within its minute.
pub fn second(seconds: u64) -> u64 {
    seconds % 60
}
