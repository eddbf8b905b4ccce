//! Times worth trying, and what times have in common.

use invar_world::Timestamp;
use jiff::{
    ToSpan,
    civil::{Date, DateTime, Weekday, date},
    tz::TimeZone,
};

use crate::text;

const NS_PER_HOUR: u64 = 3_600_000_000_000;
const NS_PER_DAY: u64 = 24 * NS_PER_HOUR;

/// Moments to run at beside `start`: every hour of a day, every day of a month, every month of a year, the edges of
/// years, leap days, changes to and from daylight saving time, the end of 32-bit time, years ahead, and days that
/// people remember. In order, each once.
pub(crate) fn moments(start: Timestamp) -> Vec<Timestamp> {
    let Some(now) = civil(start) else { return Vec::new() };
    let year = now.year();
    let mut all: Vec<Timestamp> = (1..24).map(|hours| start.after(hours * NS_PER_HOUR)).collect();
    all.extend((1..=31).map(|days| start.after(days * NS_PER_DAY)));
    let mut at = |moment: Option<DateTime>| all.extend(moment.and_then(timestamp));
    for months in 1..=12 {
        at(now.checked_add(months.months()).ok());
        // The first of a month, just after midnight.
        at(now
            .checked_add(months.months())
            .ok()
            .and_then(|then| Some(Date::new(then.year(), then.month(), 1).ok()?.at(0, 0, 30, 0))));
    }
    for years in [1, 2, 3, 4, 5, 10] {
        at(now.checked_add(years.years()).ok());
    }
    for (month, day) in [(2, 14), (4, 1), (7, 4), (10, 31), (12, 24), (12, 25), (12, 31)] {
        let this = Date::new(year, month, day).ok().map(|day| day.at(12, 0, 0, 0));
        at(this.filter(|this| *this > now).or_else(|| this?.checked_add(1.year()).ok()));
    }
    at(Date::new(year, 12, 31).ok().map(|day| day.at(23, 59, 30, 0)));
    at(Date::new(year + 1, 1, 1).ok().map(|day| day.at(0, 0, 30, 0)));
    for leap in (year..year + 9).filter_map(|year| Date::new(year, 2, 29).ok()).take(2) {
        at(Some(leap.at(12, 0, 0, 0)));
    }
    for edge in daylight_saving(year) {
        at(Some(edge));
    }
    at(Some(date(2038, 1, 19).at(3, 14, 8, 0)));
    all.retain(|moment| *moment > start);
    all.sort_unstable();
    all.dedup();
    all
}

/// Half a minute after each change to and from daylight saving time, in UTC: the European Union at 01:00 on the
/// last Sundays of March and October, New York at 2 o'clock on the second Sunday of March and first of November.
fn daylight_saving(year: i16) -> Vec<DateTime> {
    let sunday = |month, nth| Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, Weekday::Sunday).ok();
    [((3, -1), 1), ((10, -1), 1), ((3, 2), 7), ((11, 1), 6)]
        .into_iter()
        .filter_map(|((month, nth), hour)| Some(sunday(month, nth)?.at(hour, 0, 30, 0)))
        .collect()
}

/// Spans of time after which a skill may remember that it ran before, in nanoseconds.
pub(crate) const ABSENCES_NS: [u64; 10] = [
    NS_PER_DAY,
    2 * NS_PER_DAY,
    3 * NS_PER_DAY,
    7 * NS_PER_DAY,
    14 * NS_PER_DAY,
    30 * NS_PER_DAY,
    60 * NS_PER_DAY,
    90 * NS_PER_DAY,
    180 * NS_PER_DAY,
    365 * NS_PER_DAY,
];

/// What the times at which something happens have in common, and those at which it does not lack.
pub(crate) fn in_common(with: &[Timestamp], without: &[Timestamp]) -> String {
    let civil_of = |times: &[Timestamp]| times.iter().filter_map(|time| civil(*time)).collect::<Vec<_>>();
    let (hits, misses) = (civil_of(with), civil_of(without));
    let Some(first) = with.iter().min() else { return "no time".into() };
    // A threshold in time is the simplest.
    if without.iter().all(|other| other < first) {
        return format!("from {first} on");
    }
    type Trait = (&'static str, fn(&DateTime) -> i16, fn(i16) -> String);
    let traits: [Trait; 5] = [
        ("on ", |time| i16::from(time.weekday().to_monday_zero_offset()), weekday),
        ("in hour ", |time| i16::from(time.hour()), |hour| hour.to_string()),
        ("in month ", |time| i16::from(time.month()), |month| month.to_string()),
        ("on day of the month ", |time| i16::from(time.day()), |day| day.to_string()),
        ("in year ", DateTime::year_of, |year| year.to_string()),
    ];
    for (name, value, word) in traits {
        let mut values: Vec<i16> = hits.iter().map(value).collect();
        values.sort_unstable();
        values.dedup();
        if !misses.iter().map(value).any(|miss| values.contains(&miss)) {
            let words: Vec<String> = values.into_iter().map(word).collect();
            return format!("{name}{}", text::join(&words));
        }
    }
    const SHOWN: usize = 3;
    let shown: Vec<String> = with.iter().take(SHOWN).map(ToString::to_string).collect();
    match with.len() > SHOWN {
        true => format!("at {} and {} more times", shown.join(", "), with.len() - SHOWN),
        false => format!("at {}", shown.join(", ")),
    }
}

/// The day of the week, in UTC.
pub(crate) fn weekday_of(time: Timestamp) -> String {
    let offset = civil(time).map(|time| i16::from(time.weekday().to_monday_zero_offset()));
    offset.map(weekday).unwrap_or_default()
}

/// The same date and time so many years later.
pub(crate) fn years_after(time: Timestamp, years: i64) -> Timestamp {
    let later = civil(time).and_then(|time| time.checked_add(years.years()).ok()).and_then(timestamp);
    later.unwrap_or(time)
}

trait YearOf {
    fn year_of(&self) -> i16;
}

impl YearOf for DateTime {
    fn year_of(&self) -> i16 {
        self.year()
    }
}

fn weekday(offset: i16) -> String {
    const NAMES: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    usize::try_from(offset).ok().and_then(|offset| NAMES.get(offset)).copied().unwrap_or_default().to_owned()
}

fn civil(time: Timestamp) -> Option<DateTime> {
    let time = jiff::Timestamp::from_nanosecond(i128::from(time.0)).ok()?;
    Some(time.to_zoned(TimeZone::UTC).datetime())
}

fn timestamp(time: DateTime) -> Option<Timestamp> {
    let zoned = time.to_zoned(TimeZone::UTC).ok()?;
    u64::try_from(zoned.timestamp().as_nanosecond()).ok().map(Timestamp)
}

#[cfg(test)]
mod tests {
    use invar_world::Timestamp;

    use super::{in_common, moments};

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn the_moments_hold_what_attackers_wait_for() {
        let all = moments(at("2026-01-15T16:00:00Z"));
        for moment in [
            "2026-01-15T22:00:00Z",
            "2026-01-17T16:00:00Z", // a Saturday
            "2026-12-31T23:59:30Z",
            "2027-01-01T00:00:30Z",
            "2028-02-29T12:00:00Z",
            "2038-01-19T03:14:08Z",
            "2026-03-29T01:00:30Z", // Europe
            "2026-11-01T06:00:30Z", // New York
        ] {
            assert!(all.contains(&at(moment)), "{moment}");
        }
        assert!(all.is_sorted());
    }

    #[test]
    fn what_times_have_in_common_is_said_in_the_simplest_words() {
        let say = |with: &[&str], without: &[&str]| {
            let all = |times: &[&str]| times.iter().map(|time| at(time)).collect::<Vec<_>>();
            in_common(&all(with), &all(without))
        };
        let saturdays = ["2026-01-17T16:00:00Z", "2026-01-24T16:00:00Z"];
        assert_eq!(say(&saturdays, &["2026-01-18T16:00:00Z", "2026-01-20T16:00:00Z"]), "on Saturday");
        assert_eq!(
            say(&["2026-01-15T22:00:00Z"], &["2026-01-15T23:00:00Z", "2026-01-15T21:00:00Z"]),
            "in hour 22"
        );
        assert_eq!(
            say(&["2026-08-08T00:00:00Z", "2027-01-01T00:00:00Z"], &["2026-08-07T00:00:00Z"]),
            "from 2026-08-08T00:00:00Z on"
        );
    }
}
