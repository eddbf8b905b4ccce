//! Environment: what the environment says changes nothing that it should not.
//!
//! A log cannot put one thing otherwise and look again. Of what it holds, only the time can be held against the
//! deviations, and that they go together proves nothing: what comes every eighth execution may come every night.

use super::case::{Case, numbers};
use crate::{
    Boundary, Class, Confidence, Finding, Section, Severity, Trigger, TriggerKind,
    statistics::association::{self, Associated},
};

const NS_PER_HOUR: u64 = 3_600_000_000_000;
/// 1970-01-01 was a Thursday; Monday is 0.
const FIRST_WEEKDAY: u64 = 3;
const WEEKDAYS: [&str; 7] =
    ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"];
/// Deviations without which no association is looked for.
const DEVIATING_MIN: usize = 3;

pub(super) fn section(case: &Case<'_>) -> (Section, Vec<Trigger>) {
    let deviating = case.deviating();
    if deviating < DEVIATING_MIN {
        let why = match deviating {
            0 => {
                "a log cannot be run again with one thing otherwise, and nothing deviates that could hang on the hour"
            }
            _ => {
                "a log cannot be run again with one thing otherwise, and too few deviate to hold against the hour"
            }
        };
        return (Section::not_checked(why.into()), Vec::new());
    }
    let indices: Vec<usize> = (0..case.executions.len()).collect();
    let fired = case.fired(&indices);
    let of = |class: fn(u64) -> u64| -> Vec<u8> {
        case.executions.iter().map(|own| u8::try_from(class(own.time.0 / NS_PER_HOUR)).unwrap_or(0)).collect()
    };
    let hours = of(|hours| hours % 24);
    let weekdays = of(|hours| (hours / 24 + FIRST_WEEKDAY) % 7);
    let hour = association::find(&hours, &fired)
        .map(|own| (own, &hours, format!("between {0:02}:00 and {0:02}:59 UTC", own.class)));
    let weekday = association::find(&weekdays, &fired).and_then(|own| {
        let name = WEEKDAYS.get(usize::from(own.class))?;
        Some((own, &weekdays, format!("on {name}, UTC")))
    });
    let (mut findings, mut triggers) = (Vec::new(), Vec::new());
    for (found, classes, words) in hour.into_iter().chain(weekday) {
        let Associated { class, deviating, executions, .. } = found;
        let runs = numbers(indices.iter().copied().filter(|index| fired[*index] && classes[*index] == class));
        findings.push(Finding {
            class: Class::Environment,
            severity: Severity::Minor,
            what: format!("suspected: {deviating} of {executions} executions {words} deviate"),
            expected: "deviations, if any, at any time".into(),
            observed: format!("{deviating} of {} deviations {words}", case.deviating()),
            cause: "suspected: the clock, or what comes as regularly".into(),
            owasp_ast: "AST01",
            runs: runs.clone(),
        });
        triggers.push(Trigger {
            kind: TriggerKind::Clock,
            condition: words,
            first_run: runs.first().copied(),
            period: None,
            boundary: Boundary::default(),
            source: "not known".into(),
            value: None,
            all: Vec::new(),
            effects: Vec::new(),
            confidence: Confidence::Suspected,
            evidence: Vec::new(),
            reproduce: String::new(),
            runs,
            severity: Severity::Minor,
            proof: None,
            sentence: None,
        });
    }
    let section = match findings.first() {
        Some(first) => Section::of(first.what.clone(), findings),
        None => Section::not_checked(
            "a log cannot be run again with one thing otherwise; deviations hang on no hour or weekday"
                .into(),
        ),
    };
    (section, triggers)
}
