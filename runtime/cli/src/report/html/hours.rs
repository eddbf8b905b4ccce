//! When runs were made, by weekday and hour: shown where time makes a difference.

use invar_monitor::{Report, Row, Trigger, TriggerKind};
use invar_world::{Timestamp, World};
use maud::{Markup, html};

use super::Material;

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const HOURS: usize = 24;
/// Side of a cell, and what is between two.
const CELL: usize = 13;
/// Left of the cells, for the names of the days.
const LEFT: usize = 34;
/// Above the cells, for the hours.
const TOP: usize = 16;

/// The runs of one hour of the week.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Hour {
    /// From Monday, 0.
    pub(crate) weekday: usize,
    /// From midnight UTC, 0.
    pub(crate) hour: usize,
    /// Runs that started in it.
    pub(crate) runs: u32,
    /// Those of them that deviate.
    pub(crate) deviating: u32,
}

/// The heat map, if something depends on time; of `varied`, if hours were varied, else of the series.
pub(super) fn section(material: &Material<'_>, varied: Option<&[Hour]>) -> Markup {
    let report = material.report;
    if varied.is_none() && !hangs_on_time(report) {
        return html! {};
    }
    let of_series = || by_hour(material.world, &report.rows);
    let hours = varied.map_or_else(of_series, <[Hour]>::to_vec);
    html! {
        section aria-labelledby="hours" {
            h2 #hours { "When it runs" }
            (map(&hours))
        }
    }
}

/// Times that were tried, if something depends on time.
pub(super) fn of_moments(report: &Report) -> Option<Vec<Hour>> {
    if !hangs_on_time(report) || report.moments.is_empty() {
        return None;
    }
    let mut hours: Vec<Hour> = Vec::new();
    for (time, deviates) in &report.moments {
        count(&mut hours, *time, *deviates);
    }
    Some(hours)
}

/// One more run in the hour of the week that it starts in.
fn count(hours: &mut Vec<Hour>, start: Timestamp, deviates: bool) {
    let (weekday, hour) = hour_of(start);
    let deviating = u32::from(deviates);
    match hours.iter_mut().find(|slot| (slot.weekday, slot.hour) == (weekday, hour)) {
        Some(slot) => {
            slot.runs += 1;
            slot.deviating += deviating;
        }
        None => hours.push(Hour { weekday, hour, runs: 1, deviating }),
    }
}

fn hangs_on_time(report: &Report) -> bool {
    fn one(trigger: &Trigger) -> bool {
        matches!(trigger.kind, TriggerKind::Clock | TriggerKind::ElapsedTime)
            || trigger.source.starts_with("clock")
            || trigger.all.iter().any(one)
    }
    report.triggers.iter().any(one)
}

/// The runs of a series by when they started.
fn by_hour(world: &World, rows: &[Row]) -> Vec<Hour> {
    let mut hours: Vec<Hour> = Vec::new();
    let mut ended = Timestamp(0);
    for row in rows {
        let start = world.run(row.run, ended).start;
        ended = start.after(row.resources.virtual_ns);
        count(&mut hours, start, row.stands_out);
    }
    hours.sort_by_key(|slot| (slot.weekday, slot.hour));
    hours
}

/// Weekday from Monday and hour of the day, UTC.
fn hour_of(time: Timestamp) -> (usize, usize) {
    let (seconds, _) = time.split();
    let hours = usize::try_from(seconds / 3600).unwrap_or(0);
    // 1970-01-01 was a Thursday.
    ((hours / HOURS + 3) % DAYS.len(), hours % HOURS)
}

fn map(hours: &[Hour]) -> Markup {
    let most = hours.iter().map(|hour| hour.runs).max().unwrap_or(0).max(1);
    let deviating: Vec<&Hour> = hours.iter().filter(|hour| hour.deviating > 0).collect();
    let (width, height) = (LEFT + HOURS * (CELL + 1), TOP + DAYS.len() * (CELL + 1));
    html! {
        p .legend {
            span { svg .key viewBox="0 0 13 13" aria-hidden="true" { rect .hour.h4 width="13" height="13" rx="2" {} } "runs, darker for more" }
            span { svg .key viewBox="0 0 13 13" aria-hidden="true" { rect .hour.off width="13" height="13" rx="2" {} path .cross d="M4 4l5 5M9 4l-5 5" {} } "some of them deviate" }
            span { svg .key viewBox="0 0 13 13" aria-hidden="true" { rect .hour width="13" height="13" rx="2" {} } "no run" }
        }
        figure .hours {
            svg .plot role="img" aria-labelledby="hours-title hours-text" viewBox=(format!("0 0 {width} {height}")) {
                title #hours-title { "Runs by weekday and hour, UTC" }
                desc #hours-text {
                    @if deviating.is_empty() { "No hour has a run that deviates." }
                    @else { "Runs deviate on " (deviating.iter().map(|hour| name(hour)).collect::<Vec<_>>().join(", ")) "." }
                }
                @for hour in (0..HOURS).step_by(6) {
                    text .axis x=(LEFT + hour * (CELL + 1)) y="11" { (format!("{hour:02}")) }
                }
                @for (weekday, day) in DAYS.iter().enumerate() {
                    @let y = TOP + weekday * (CELL + 1);
                    text .axis x="0" y=(y + 10) { (day) }
                    @for hour in 0..HOURS {
                        @let slot = hours.iter().find(|slot| (slot.weekday, slot.hour) == (weekday, hour));
                        (cell(slot, LEFT + hour * (CELL + 1), y, most))
                    }
                }
            }
        }
        (table(hours))
    }
}

fn cell(hour: Option<&Hour>, x: usize, y: usize, most: u32) -> Markup {
    let hour = hour.copied().unwrap_or_default();
    // Four shades.
    let shade = match hour.runs {
        _ if hour.deviating > 0 => "hour off".to_owned(),
        0 => "hour".to_owned(),
        runs => format!("hour h{}", (runs * 4).div_ceil(most)),
    };
    html! {
        rect class=(shade) x=(x) y=(y) width=(CELL) height=(CELL) rx="2" {
            @if hour.runs > 0 { title { (name(&hour)) ": " (hour.runs) " runs, " (hour.deviating) " deviate" } }
        }
        @if hour.deviating > 0 { path .cross d=(format!("M{} {}l5 5m0 -5l-5 5", x + 4, y + 4)) {} }
    }
}

/// `Fri 13:00`.
fn name(hour: &Hour) -> String {
    format!("{} {:02}:00", DAYS[hour.weekday % DAYS.len()], hour.hour)
}

fn table(hours: &[Hour]) -> Markup {
    html! {
        details {
            summary { "As a table" }
            table {
                thead { tr {
                    th scope="col" { "hour, UTC" }
                    th scope="col" .figure { "runs" }
                    th scope="col" .figure { "deviate" }
                } }
                tbody {
                    @for hour in hours {
                        tr .deviates[hour.deviating > 0] {
                            th scope="row" { (name(hour)) }
                            td .figure { (hour.runs) }
                            td .figure { (hour.deviating) }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use invar_world::Timestamp;

    use super::{Hour, hour_of, map};

    #[test]
    fn the_hour_of_the_week_is_that_of_utc() {
        assert_eq!(hour_of(Timestamp::parse("1970-01-01T00:00:00Z").unwrap()), (3, 0));
        assert_eq!(hour_of(Timestamp::parse("2026-01-16T13:59:59Z").unwrap()), (4, 13));
        assert_eq!(hour_of(Timestamp::parse("2026-01-18T23:00:00Z").unwrap()), (6, 23));
    }

    #[test]
    fn an_hour_with_runs_that_deviate_is_named() {
        let hours = [
            Hour { weekday: 4, hour: 13, runs: 2, deviating: 1 },
            Hour { weekday: 0, hour: 0, runs: 1, deviating: 0 },
        ];
        let map = map(&hours).into_string();
        assert!(map.contains("Runs deviate on Fri 13:00."), "{map}");
        assert_eq!(map.matches("<rect").count(), 7 * 24 + 3);
    }
}
