//! Environment: the environment changes nothing that it should not.
//!
//! A log cannot be re-run with one input changed. Of what it holds, only the time can be compared with the deviations, and
//! a correlation proves nothing: what comes every eighth execution may come every night.

use invar_monitor::{Boundary, Class, Confidence, Finding, Section, Severity, Trigger, TriggerKind};

use crate::{
    comparison::Comparison,
    statistics::association::{self, Associated},
    wording::numbers,
};

const NS_PER_HOUR: u64 = 3_600_000_000_000;
/// 1970-01-01 was a Thursday; Monday is 0.
const FIRST_WEEKDAY: u64 = 3;
const WEEKDAYS: [&str; 7] =
    ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"];
/// Deviations without which no association is looked for.
const DEVIATING_MIN: usize = 3;
/// Why the class is at most suspected of anything.
const NO_RERUN: &str = "a log cannot be re-run with one input changed";

pub(crate) fn section(comparison: &Comparison<'_>) -> (Section, Vec<Trigger>) {
    let deviating = comparison.deviating();
    if deviating < DEVIATING_MIN {
        let why = match deviating {
            0 => format!("{NO_RERUN}, and no execution deviates"),
            _ => format!("{NO_RERUN}, and too few executions deviate to compare with the time of day"),
        };
        return (Section::not_checked(why), Vec::new());
    }
    let indices: Vec<usize> = (0..comparison.executions.len()).collect();
    let deviates = comparison.deviates(&indices);
    let class_of_each = |class: fn(u64) -> u64| -> Vec<u8> {
        let hours = comparison.executions.iter().map(|execution| execution.time.0 / NS_PER_HOUR);
        hours.map(|hour| u8::try_from(class(hour)).unwrap_or(0)).collect()
    };
    let hours = class_of_each(|hours| hours % 24);
    let weekdays = class_of_each(|hours| (hours / 24 + FIRST_WEEKDAY) % 7);
    let of_hour = association::find(&hours, &deviates)
        .map(|found| (found, &hours, format!("between {0:02}:00 and {0:02}:59 UTC", found.class)));
    let of_weekday = association::find(&weekdays, &deviates).and_then(|found| {
        let name = WEEKDAYS.get(usize::from(found.class))?;
        Some((found, &weekdays, format!("on {name}, UTC")))
    });
    let (mut findings, mut triggers) = (Vec::new(), Vec::new());
    for (found, classes, words) in of_hour.into_iter().chain(of_weekday) {
        let is_in_class = |index: &usize| deviates[*index] && classes[*index] == found.class;
        let runs = numbers(indices.iter().copied().filter(is_in_class));
        findings.push(finding(found, &words, deviating, &runs));
        triggers.push(trigger(words, runs));
    }
    let section = match findings.first() {
        Some(first) => Section::of(first.what.clone(), findings),
        None => Section::not_checked(format!("{NO_RERUN}; deviations depend on no hour or weekday")),
    };
    (section, triggers)
}

fn finding(found: Associated, words: &str, all_deviating: usize, runs: &[u32]) -> Finding {
    let Associated { deviating, executions, .. } = found;
    Finding {
        class: Class::Environment,
        severity: Severity::Minor,
        what: format!("suspected: {deviating} of {executions} executions {words} deviate"),
        expected: "deviations, if any, at any time".into(),
        observed: format!("{deviating} of {all_deviating} deviations {words}"),
        cause: "suspected: the clock, or something else with the same period".into(),
        owasp_ast: "AST01",
        runs: runs.to_vec(),
    }
}

fn trigger(condition: String, runs: Vec<u32>) -> Trigger {
    Trigger {
        kind: TriggerKind::Clock,
        condition,
        first_run: runs.first().copied(),
        period: None,
        boundary: Boundary::default(),
        source: "not known".into(),
        value: None,
        all: Vec::new(),
        effects: Vec::new(),
        calls: Vec::new(),
        confidence: Confidence::Suspected,
        evidence: Vec::new(),
        reproduce: String::new(),
        runs,
        severity: Severity::Minor,
        proof: None,
        sentence: None,
    }
}
