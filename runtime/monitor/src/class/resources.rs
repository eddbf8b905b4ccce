//! Resource usage: the same input costs the same.

use crate::{
    Class, Cost, Deviation, Finding, Row, Section, attribution::Attribution, class::view::View,
    followup::FollowUp, growth::Growth, text,
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
                text::ratio(times(most, view.investigation.baseline.usual(Cost::Fuel))),
            );
            let then = view.investigation.baseline.usual(Cost::Memory);
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
    row.deviations.iter().any(|deviation| matches!(deviation, Deviation::Cost(Cost::Fuel | Cost::Memory)))
}

fn finding(view: &View<'_>, group: &FollowUp, deviation: &Deviation) -> Option<Finding> {
    let cost = cost_of(deviation)?;
    let then = view.investigation.baseline.usual(cost);
    let rows: Vec<&Row> = view.rows.iter().filter(|row| group.runs.contains(&row.run)).collect();
    let value = |row: &Row| cost.of(&row.resources);
    let most = rows.iter().map(|row| value(row)).max().unwrap_or(0);
    let attribution = group.attribution_of(|other| other == deviation);
    let severity = view.severity(group, deviation, attribution);
    let place = view.in_calls(group, deviation).words();
    Some(Finding {
        class: Class::ResourceUsage,
        severity,
        runs: group.runs.clone(),
        what: match deviation {
            Deviation::Growth(_) => format!(
                "{} grows from run to run, to {} by the last, and the bytes that the runs read do not explain it{place}",
                cost.as_str(),
                text::ratio(times(most, then))
            ),
            _ => format!(
                "{} {} {} the {} of the others{place}",
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
        .flat_map(|attribution| &attribution.calls)
        .map(|(function, then, now)| format!("{function} {then} → {now}"))
        .collect();
    if !calls.is_empty() {
        text.push_str(&format!("; more calls: {}", calls.join(", ")));
    }
    text
}

/// Costs that grow with what is read: reported, and no finding.
fn trend(view: &View<'_>) -> String {
    let grown: Vec<&str> = view
        .investigation
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
