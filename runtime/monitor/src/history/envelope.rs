//! Envelope: nothing is done that was not declared.

use std::collections::BTreeMap;

use super::{
    case::{Case, executions as counted, numbers},
    exact::named,
};
use crate::{Class, Finding, Section, Severity};

/// Findings of one class. Stops a log that names thousands of lines from filling the report.
const FINDINGS_MAX: usize = 12;

pub(super) fn section(case: &Case<'_>) -> Section {
    let mut held = 0;
    let mut lines: BTreeMap<&String, Vec<usize>> = BTreeMap::new();
    for (index, execution) in case.executions.iter().enumerate() {
        held += usize::from(execution.did.violations.is_some());
        for line in execution.did.violations.iter().flatten() {
            lines.entry(line).or_default().push(index);
        }
    }
    if held == 0 {
        return Section::not_checked("the log does not say what was declared (violations)".into());
    }
    let mut sorted: Vec<(Severity, &String, Vec<usize>)> =
        lines.into_iter().map(|(line, all)| (severity(line), line, all)).collect();
    sorted.sort_by_key(|(severity, line, _)| (std::cmp::Reverse(*severity), *line));
    let number = sorted.len();
    sorted.truncate(FINDINGS_MAX);
    let findings: Vec<Finding> = sorted
        .into_iter()
        .map(|(severity, line, all)| {
            let runs = numbers(all);
            Finding {
                class: Class::Envelope,
                severity,
                what: format!("{}: {line} is not declared", named(&runs)),
                runs,
                expected: line.clone(),
                observed: "nothing that allows it".into(),
                cause: "the envelope".into(),
                owasp_ast: "AST03",
            }
        })
        .collect();
    let why = match (findings.first(), number) {
        (None, _) => {
            format!("{} of {} did nothing that is not declared", held, counted(case.executions.len()))
        }
        (Some(first), 1) => first.what.clone(),
        (Some(first), 2) => format!("{}; another line is missing", first.what),
        (Some(first), number) => format!("{}; {} more lines are missing", first.what, number - 1),
    };
    Section::of(why, findings)
}

/// How bad it is that this line is missing: as `invar monitor` judges it.
fn severity(line: &str) -> Severity {
    match line.split([' ', '=']).next().unwrap_or_default() {
        "network" | "listen" | "files.write" => Severity::Critical,
        "clock" | "random" => Severity::Minor,
        _ => Severity::Major,
    }
}

#[cfg(test)]
mod tests {
    use super::severity;
    use crate::Severity;

    #[test]
    fn contact_and_change_are_critical() {
        assert_eq!(severity("network = [\"tcp://a:1\"]"), Severity::Critical);
        assert_eq!(severity("files.write=[\"/a\"]"), Severity::Critical);
        assert_eq!(severity("files.read = [\"/a\"]"), Severity::Major);
        assert_eq!(severity("clock = [\"wall\"]"), Severity::Minor);
        assert_eq!(severity(""), Severity::Major);
    }
}
