//! Envelope: nothing is done that was not declared.

use std::collections::BTreeMap;

use invar_monitor::{Class, Finding, Section, Severity};

use crate::{
    comparison::Comparison,
    wording::{counted, named, numbers},
};

/// Findings of one class. Stops a log that names thousands of lines from filling the report.
const FINDINGS_MAX: usize = 12;

pub(crate) fn section(comparison: &Comparison<'_>) -> Section {
    let mut checked = 0;
    let mut lines: BTreeMap<&String, Vec<usize>> = BTreeMap::new();
    for (index, execution) in comparison.executions.iter().enumerate() {
        checked += usize::from(execution.activity.violations.is_some());
        for line in execution.activity.violations.iter().flatten() {
            lines.entry(line).or_default().push(index);
        }
    }
    if checked == 0 {
        return Section::not_checked("the log does not say what was not declared (violations)".into());
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
            format!("{checked} of {} did nothing that is not declared", counted(comparison.executions.len()))
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
    use invar_monitor::Severity;

    use super::severity;

    #[test]
    fn contact_and_change_are_critical() {
        assert_eq!(severity("network = [\"tcp://a:1\"]"), Severity::Critical);
        assert_eq!(severity("files.write=[\"/a\"]"), Severity::Critical);
        assert_eq!(severity("files.read = [\"/a\"]"), Severity::Major);
        assert_eq!(severity("clock = [\"wall\"]"), Severity::Minor);
        assert_eq!(severity(""), Severity::Major);
    }
}
