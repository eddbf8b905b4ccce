//! Resource usage: the same input costs the same.

use super::View;
use crate::{
    Class, Cost, Deviation, Finding, Row, Section, Severity, attribution::Attribution, finding::Source,
    followup::Followed, growth::Growth, text,
};

pub(super) fn section(view: &View<'_>) -> Section {
    let costly: Vec<&Row> = view.rows.iter().filter(|row| is_costly(row)).collect();
    let usual: Vec<&Row> = view.rows.iter().filter(|row| !is_costly(row)).collect();
    let fuel = |rows: &[&Row]| range(rows, |row| row.resources.fuel, text::count);
    let memory = range(&usual, |row| row.resources.memory_peak_bytes, text::bytes);
    let why = match costly.as_slice() {
        [] => format!("fuel {} and peak memory {memory} in all runs{}", fuel(&usual), trend(view)),
        costly => {
            let numbers: Vec<u32> = costly.iter().map(|row| row.run).collect();
            let most = costly.iter().map(|row| row.resources.fuel).max().unwrap_or(0);
            let mut why = format!(
                "fuel {} in {} runs; {} in {} ({})",
                fuel(&usual),
                usual.len(),
                fuel(costly),
                text::runs(&numbers),
                text::ratio(times(most, view.case.baseline.usual(Cost::Fuel))),
            );
            let then = view.case.baseline.usual(Cost::Memory);
            let now = costly.iter().map(|row| row.resources.memory_peak_bytes).max().unwrap_or(0);
            if now > then {
                why.push_str(&format!("; peak memory {} → {}", text::bytes(then), text::bytes(now)));
            }
            why
        }
    };
    let findings = view
        .groups_with(|deviation| cost_of(deviation).is_some())
        .filter_map(|(group, deviation)| finding(view, group, deviation))
        .collect();
    Section::of(why, findings)
}

/// The cost that a deviation is about.
fn cost_of(deviation: &Deviation) -> Option<Cost> {
    match deviation {
        Deviation::Cost(cost) | Deviation::Growth(cost) => Some(*cost),
        _ => None,
    }
}

fn is_costly(row: &Row) -> bool {
    row.deviations.iter().any(|own| matches!(own, Deviation::Cost(Cost::Fuel | Cost::Memory)))
}

fn finding(view: &View<'_>, group: &Followed, deviation: &Deviation) -> Option<Finding> {
    let cost = cost_of(deviation)?;
    let then = view.case.baseline.usual(cost);
    let rows: Vec<&Row> = view.rows.iter().filter(|row| group.runs.contains(&row.run)).collect();
    let value = |row: &Row| cost.of(&row.resources);
    let most = rows.iter().map(|row| value(row)).max().unwrap_or(0);
    let attribution = group.attribution_of(|own| own == deviation);
    let severity = view.severity(group, deviation, attribution);
    Some(Finding {
        class: Class::ResourceUsage,
        severity,
        runs: group.runs.clone(),
        what: match deviation {
            Deviation::Growth(_) => format!(
                "{} grows from run to run, to {} by the last, and not by what the runs read",
                cost.as_str(),
                text::ratio(times(most, then))
            ),
            _ => format!(
                "{} {} {} the {} of the others",
                text::runs(&group.runs),
                if group.runs.len() == 1 { "takes" } else { "take" },
                text::ratio(times(most, then)),
                cost.as_str()
            ),
        },
        expected: format!("about {}, on the same input", cost.show(then)),
        observed: observed(&rows, cost, attribution),
        cause: view.cause(attribution),
        owasp_ast: "AST01",
    })
}

/// `94.5 M; calls: output-stream.write 3 → 12`
fn observed(rows: &[&Row], cost: Cost, attribution: Option<&Attribution>) -> String {
    let mut text = range(rows, |row| cost.of(&row.resources), |amount| cost.show(amount));
    let calls: Vec<String> = attribution
        .into_iter()
        .flat_map(|own| &own.calls)
        .map(|(function, then, now)| format!("{function} {then} → {now}"))
        .collect();
    if !calls.is_empty() {
        text.push_str(&format!("; more calls: {}", calls.join(", ")));
    }
    text
}

/// How bad it is that runs cost more than three times what the first ones cost.
pub(super) fn severity(
    view: &View<'_>,
    group: &Followed,
    cost: Cost,
    sources: Option<&[Source]>,
) -> Severity {
    match view.case.growth.get(&cost) {
        Some(Growth::Affine) => return Severity::Info,
        // Upkeep is over when it is done: this stays, or goes on growing.
        Some(Growth::Excess(_)) => return Severity::Major,
        Some(Growth::Flat) | None => {}
    }
    match sources.is_some_and(|sources| view.is_upkeep(group, sources)) {
        true => Severity::Minor,
        false => Severity::Major,
    }
}

impl View<'_> {
    /// Whether a costly run is upkeep of the skill's own: it does nothing that is not declared, it makes a
    /// declared write, what its cost hangs on are files that it may write itself, and it reads, writes or fetches more
    /// than the other runs do, in proportion. A counter that every run writes excuses nothing.
    pub(super) fn is_upkeep(&self, group: &Followed, sources: &[Source]) -> bool {
        let Some(envelope) = &self.declared.envelope else { return false };
        let own_files = sources.iter().all(|source| match source {
            Source::File(path) => envelope.files_write.iter().any(|glob| glob.matches(path)),
            _ => false,
        });
        let (costly, others): (Vec<&Row>, Vec<&Row>) =
            self.rows.iter().partition(|row| group.runs.contains(&row.run));
        own_files
            && costly.into_iter().all(|row| {
                row.run_effects.violations.is_empty()
                    && row.run_effects.effects.iter().any(|effect| effect.is_lasting())
                    && works_for_it(row, &others)
            })
    }
}

/// Fuel that maintenance work may cost beside its bytes: two milliseconds, in which a small table is calculated.
const WORK_FUEL_MAX: u64 = 2_000_000;
/// Fuel that a byte more may cost. Stops a skill that does as it likes from passing for one that renews a cache by
/// writing a few bytes more: what is parsed, sorted or compressed takes a hundredth of it.
const FUEL_PER_BYTE_MAX: u64 = 20_000;

/// Whether a run reads, writes or fetches more bytes than any of the others, and its fuel is in proportion to those. Each
/// counts by itself: what one run writes the others read.
fn works_for_it(row: &Row, others: &[&Row]) -> bool {
    let moved = |row: &Row| {
        let bytes = row.resources.bytes;
        [bytes.file_read, bytes.file_written, bytes.network_received]
    };
    let usual = |at: usize| others.iter().map(|row| moved(row)[at]).max().unwrap_or(0);
    let more: u64 = (0..).zip(moved(row)).map(|(at, bytes)| bytes.saturating_sub(usual(at))).sum();
    let fuel = others.iter().map(|row| row.resources.fuel).max().unwrap_or(0);
    let allowed = WORK_FUEL_MAX.saturating_add(FUEL_PER_BYTE_MAX.saturating_mul(more));
    more > 0 && row.resources.fuel.saturating_sub(fuel) <= allowed
}

/// Costs that grow with what is read: told, though no fault.
fn trend(view: &View<'_>) -> String {
    let grown: Vec<&str> = view
        .case
        .growth
        .iter()
        .filter(|(_, growth)| **growth == Growth::Affine)
        .map(|(cost, _)| cost.as_str())
        .collect();
    match grown.is_empty() {
        true => String::new(),
        false => format!("; {} grows with the bytes that the runs read", grown.join(" and ")),
    }
}

fn times(now: u64, then: u64) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "a ratio for people")]
    let ratio = now as f64 / then.max(1) as f64;
    ratio
}

fn range(rows: &[&Row], value: impl Fn(&Row) -> u64, show: impl Fn(u64) -> String) -> String {
    let least = rows.iter().map(|row| value(row)).min().unwrap_or(0);
    let most = rows.iter().map(|row| value(row)).max().unwrap_or(0);
    match show(least) == show(most) {
        true => show(most),
        false => format!("{} to {}", show(least), show(most)),
    }
}
