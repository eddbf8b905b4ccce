//! What runs cost, run by run.

use invar_monitor::{Report, Row, bytes, count};
use maud::{Markup, html};

/// Columns of a plot at most; more runs share them.
const COLUMNS: usize = 200;
const WIDTH: f64 = 360.0;
/// Height of all lanes of a plot.
const HEIGHT: f64 = 168.0;
/// Above each lane, for its name.
const TITLE: f64 = 22.0;
/// Below the lanes, for the numbers of the runs.
const AXIS: f64 = 20.0;

/// One run, or several in a row of which the highest value counts.
pub(super) struct Column<'a> {
    pub(super) rows: &'a [Row],
}

/// The runs in columns.
pub(super) fn columns(rows: &[Row]) -> Vec<Column<'_>> {
    let each = rows.len().div_ceil(COLUMNS).max(1);
    rows.chunks(each).map(|rows| Column { rows }).collect()
}

impl Column<'_> {
    pub(super) fn most(&self, value: fn(&Row) -> u64) -> u64 {
        self.rows.iter().map(value).max().unwrap_or(0)
    }

    pub(super) fn deviates(&self) -> bool {
        self.rows.iter().any(|row| row.stands_out)
    }

    /// Whether one of these runs, in order, is in it.
    pub(super) fn has_any(&self, runs: &[u32]) -> bool {
        let [first, ..] = self.rows else { return false };
        let last = self.rows.last().map_or(first.run, |row| row.run);
        runs.get(runs.partition_point(|run| *run < first.run)).is_some_and(|run| *run <= last)
    }

    /// `8`, `8–15`.
    pub(super) fn numbers(&self) -> String {
        match self.rows {
            [first, .., last] => format!("{}–{}", first.run, last.run),
            [one] => one.run.to_string(),
            [] => String::new(),
        }
    }
}

/// One quantity of a plot.
struct Lane {
    name: &'static str,
    value: fn(&Row) -> u64,
    shown: fn(u64) -> String,
}

const FUEL: Lane = Lane { name: "fuel", value: |row| row.resources.fuel, shown: count };
const MEMORY: Lane = Lane { name: "peak memory", value: |row| row.resources.memory_peak_bytes, shown: bytes };
const SENT: Lane = Lane { name: "sent", value: |row| row.resources.bytes.network_sent, shown: bytes };
const RECEIVED: Lane =
    Lane { name: "received", value: |row| row.resources.bytes.network_received, shown: bytes };
const WRITTEN: Lane = Lane { name: "written", value: |row| row.resources.bytes.file_written, shown: bytes };

/// The plots, and the same in figures.
pub(super) fn costs(report: &Report) -> Markup {
    if report.rows.is_empty() {
        return html! {};
    }
    let columns = columns(&report.rows);
    html! {
        section aria-labelledby="costs" {
            h2 #costs { "What each run cost" }
            (legend(&columns))
            div .plots {
                (plot("fuel", "Fuel", &[FUEL], &columns))
                (plot("memory", "Peak memory", &[MEMORY], &columns))
                (plot("bytes", "Bytes transferred", &[SENT, RECEIVED, WRITTEN], &columns))
            }
            (figures(&columns))
        }
    }
}

fn legend(columns: &[Column<'_>]) -> Markup {
    let shared = columns.iter().any(|column| column.rows.len() > 1);
    html! {
        p .legend {
            span { svg .key viewBox="0 0 12 12" aria-hidden="true" { rect .bar x="3" width="6" height="12" {} } "like the baseline" }
            span { svg .key viewBox="0 0 12 12" aria-hidden="true" { rect .bar.off x="3" y="5" width="6" height="7" {} path .mark d="M6 4L2.5 0h7z" {} } "deviates" }
            @if shared { span { "a bar shows the maximum of several runs" } }
        }
    }
}

fn plot(id: &str, title: &str, lanes: &[Lane], columns: &[Column<'_>]) -> Markup {
    #[allow(clippy::cast_precision_loss, reason = "three at most")]
    let each = HEIGHT / lanes.len() as f64;
    let tops = (0_u32..).map(|lane| f64::from(lane) * each);
    let (name, text) = (format!("plot-{id}"), format!("plot-{id}-text"));
    let ends =
        [columns.first(), columns.last()].map(|column| column.map(Column::numbers).unwrap_or_default());
    html! {
        figure {
            figcaption { (title) }
            svg .plot id=(format!("{id}-plot")) role="img" aria-labelledby=(format!("{name} {text}"))
                viewBox=(format!("0 0 {WIDTH:.0} {:.0}", HEIGHT + AXIS)) {
                title id=(name) { (title) " by run" }
                desc id=(text) { (lanes.iter().map(|lane| describe(lane, columns)).collect::<Vec<_>>().join("; ")) }
                @for (lane, top) in lanes.iter().zip(tops) { (bars(lane, top, each, columns)) }
                text .axis x="0" y=(format!("{:.0}", HEIGHT + AXIS - 4.0)) { "run " (ends[0]) }
                text .axis.end x=(WIDTH) y=(format!("{:.0}", HEIGHT + AXIS - 4.0)) { (ends[1]) }
            }
        }
    }
}

/// What a lane shows, in words.
fn describe(lane: &Lane, columns: &[Column<'_>]) -> String {
    let values: Vec<u64> = columns.iter().flat_map(|column| column.rows).map(lane.value).collect();
    let (least, most) =
        (values.iter().min().copied().unwrap_or(0), values.iter().max().copied().unwrap_or(0));
    match least == most {
        true => format!("{} {} in every run", lane.name, (lane.shown)(most)),
        false => {
            let highest =
                columns.iter().flat_map(|column| column.rows).filter(|row| (lane.value)(row) == most);
            let highest: Vec<u32> = highest.map(|row| row.run).collect();
            let (least, most) = ((lane.shown)(least), (lane.shown)(most));
            format!("{} from {least} to {most}, highest in {}", lane.name, invar_monitor::runs(&highest))
        }
    }
}

#[allow(clippy::cast_precision_loss, reason = "pixels are drawn")]
fn bars(lane: &Lane, top: f64, height: f64, columns: &[Column<'_>]) -> Markup {
    let most = columns.iter().map(|column| column.most(lane.value)).max().unwrap_or(0);
    let step = WIDTH / columns.len() as f64;
    let width = (step * 0.72).min(22.0);
    // Room for the mark above the highest bar.
    let (base, room) = (top + height, height - TITLE - 6.0);
    let drawn = (0_u32..).zip(columns).map(|(index, column)| {
        let value = column.most(lane.value);
        let tall = if most == 0 { 0.0 } else { room * value as f64 / most as f64 };
        let tall = if value > 0 { tall.max(1.5) } else { 0.0 };
        let middle = (f64::from(index) + 0.5) * step;
        (column, value, middle, tall)
    });
    html! {
        text .lane x="0" y=(format!("{:.1}", top + 16.0)) { (lane.name) ", at most " ((lane.shown)(most)) }
        line .base x1="0" x2=(WIDTH) y1=(format!("{base:.1}")) y2=(format!("{base:.1}")) {}
        @for (column, value, middle, tall) in drawn {
            g .point {
                title { "run " (column.numbers()) ": " ((lane.shown)(value)) @if column.deviates() { ", deviates" } }
                rect .bar .off[column.deviates()] x=(format!("{:.1}", middle - width / 2.0)) y=(format!("{:.1}", base - tall))
                    width=(format!("{width:.1}")) height=(format!("{tall:.1}")) {}
                @if column.deviates() && value > 0 && step >= 6.0 {
                    path .mark d=(format!("M{middle:.1} {:.1}l-3.5 -4h7z", base - tall - 1.5)) {}
                }
            }
        }
    }
}

/// The same as a table.
fn figures(columns: &[Column<'_>]) -> Markup {
    let lanes = [FUEL, MEMORY, SENT, RECEIVED, WRITTEN];
    html! {
        details {
            summary { "The same in figures" }
            div .scroll tabindex="0" role="region" aria-label="Cost by run" {
                table {
                    thead { tr {
                        th scope="col" .figure { "run" }
                        @for lane in &lanes { th scope="col" .figure { (lane.name) } }
                        th scope="col" { "deviates" }
                    } }
                    tbody {
                        @for column in columns {
                            tr .deviates[column.deviates()] {
                                th scope="row" .figure { (column.numbers()) }
                                @for lane in &lanes { td .figure { ((lane.shown)(column.most(lane.value))) } }
                                td { @if column.deviates() { "yes" } @else { "no" } }
                            }
                        }
                    }
                }
            }
        }
    }
}
