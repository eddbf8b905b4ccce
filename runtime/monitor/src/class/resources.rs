//! Resource usage: the same input costs the same.

use super::View;
use crate::{Class, Deviation, Finding, Row, Section, Severity, finding::Source, monitor::Followed, text};

pub(super) fn section(view: &View<'_>) -> Section {
    let costly: Vec<&Row> = view.rows.iter().filter(|row| is_costly(row)).collect();
    let usual: Vec<&Row> = view.rows.iter().filter(|row| !is_costly(row)).collect();
    let fuel = |rows: &[&Row]| range(rows, |row| row.resources.fuel, text::count);
    let memory = range(&usual, |row| row.resources.memory_peak_bytes, text::bytes);
    let why = match costly.as_slice() {
        [] => format!("fuel {} and peak memory {memory} in all runs", fuel(&usual)),
        costly => {
            let numbers: Vec<u32> = costly.iter().map(|row| row.run).collect();
            let most = costly.iter().map(|row| row.resources.fuel).max().unwrap_or(0);
            let mut why = format!(
                "fuel {} in {} runs; {} in {} ({})",
                fuel(&usual),
                usual.len(),
                fuel(costly),
                text::runs(&numbers),
                text::ratio(times(most, view.case.baseline.fuel)),
            );
            let then = view.case.baseline.memory;
            let now = costly.iter().map(|row| row.resources.memory_peak_bytes).max().unwrap_or(0);
            if now > then {
                why.push_str(&format!("; peak memory {} → {}", text::bytes(then), text::bytes(now)));
            }
            why
        }
    };
    let findings = view
        .groups(|deviation| matches!(deviation, Deviation::Fuel | Deviation::Memory))
        .flat_map(|(group, _)| group.deviations.iter().filter_map(move |own| finding(view, group, own)))
        .collect();
    Section::of(why, findings)
}

fn is_costly(row: &Row) -> bool {
    row.deviations.iter().any(|own| matches!(own, Deviation::Fuel | Deviation::Memory))
}

fn finding(view: &View<'_>, group: &Followed, deviation: &Deviation) -> Option<Finding> {
    let is_fuel = match deviation {
        Deviation::Fuel => true,
        Deviation::Memory => false,
        _ => return None,
    };
    let (name, then) = match is_fuel {
        true => ("fuel", view.case.baseline.fuel),
        false => ("peak memory", view.case.baseline.memory),
    };
    let value = |row: &Row| if is_fuel { row.resources.fuel } else { row.resources.memory_peak_bytes };
    let show = |amount| if is_fuel { text::count(amount) } else { text::bytes(amount) };
    let rows: Vec<&Row> = view.rows.iter().filter(|row| group.runs.contains(&row.run)).collect();
    let most = rows.iter().map(|row| value(row)).max().unwrap_or(0);
    let attribution = group.attribution_of(|own| own == deviation);
    let severity = match view.severity(group, attribution) {
        Severity::Info => Severity::Info,
        // The cost of filling a cache, refreshing or rotating: it is the skill's own declared file that makes
        // the difference, and putting it back restores the cost.
        _ if attribution
            .and_then(|own| own.sources())
            .is_some_and(|sources| view.is_upkeep(group, &sources)) =>
        {
            Severity::Minor
        }
        severity => severity,
    };
    Some(Finding {
        class: Class::ResourceUsage,
        severity,
        runs: group.runs.clone(),
        what: format!(
            "{} take {} the {name} of the others",
            text::runs(&group.runs),
            text::ratio(times(most, then))
        ),
        expected: format!("about {}, on the same input", show(then)),
        observed: range(&rows, value, show),
        cause: view.cause(attribution),
        owasp_ast: "AST01",
    })
}

impl View<'_> {
    /// Whether a costly run is upkeep of the skill's own: it does nothing that is not declared, it makes a
    /// declared write, and what its cost hangs on are files that it may write itself.
    fn is_upkeep(&self, group: &Followed, sources: &[Source]) -> bool {
        let Some(envelope) = &self.declared.envelope else { return false };
        let own_files = sources.iter().all(|source| match source {
            Source::File(path) => envelope.files_write.iter().any(|glob| glob.matches(path)),
            Source::Clock | Source::Random => false,
        });
        own_files
            && self.rows.iter().filter(|row| group.runs.contains(&row.run)).all(|row| {
                row.deeds.violations.is_empty()
                    && row
                        .deeds
                        .effects
                        .iter()
                        .any(|effect| effect.kind.is_lasting() && effect.failed.is_none())
            })
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
