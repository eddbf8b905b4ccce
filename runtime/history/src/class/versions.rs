//! Versions: what changed with a new one is reported; another component with the same version is a finding.

use std::collections::{BTreeMap, BTreeSet};

use invar_monitor::{Class, Finding, Severity, join};
use invar_world::Digest;

use crate::{
    comparison::Comparison,
    report::VersionRow,
    wording::{named, numbers},
};

/// Findings about versions. Stops a log with thousands of them from filling the report.
const FINDINGS_MAX: usize = 12;

/// The versions, in the order in which they were first executed.
pub(crate) fn rows(comparison: &Comparison<'_>) -> Vec<VersionRow> {
    let mut rows: Vec<VersionRow> = Vec::new();
    let mut places: BTreeMap<(&str, Option<&Digest>), usize> = BTreeMap::new();
    for execution in &comparison.executions {
        let at = *places.entry((&execution.version, execution.component.as_ref())).or_insert_with(|| {
            rows.push(VersionRow {
                version: execution.version.to_string(),
                component_sha256: execution.component.map(|digest| digest.to_string()),
                executions: 0,
                since: execution.time.to_string(),
                until: String::new(),
            });
            rows.len() - 1
        });
        rows[at].executions += 1;
        rows[at].until = execution.time.to_string();
    }
    rows
}

/// The same version with another component, and what changed with a version.
pub(crate) fn findings(comparison: &Comparison<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = replaced(comparison).into_iter().chain(changed(comparison)).collect();
    findings.truncate(FINDINGS_MAX);
    findings
}

/// The version stays and the bytes change. Without a version nothing is said.
fn replaced(comparison: &Comparison<'_>) -> Vec<Finding> {
    let mut components: BTreeMap<&str, Vec<(&Digest, usize)>> = BTreeMap::new();
    // Looked up in a set: a version may have as many components as the log has lines.
    let mut known: BTreeSet<(&str, &Digest)> = BTreeSet::new();
    for (index, execution) in comparison.executions.iter().enumerate() {
        let Some(digest) = execution.component.as_ref().filter(|_| !execution.version.is_empty()) else {
            continue;
        };
        if known.insert((&execution.version, digest)) {
            components.entry(&execution.version).or_default().push((digest, index));
        }
    }
    let several = components.into_iter().filter(|(_, all)| all.len() > 1);
    several
        .map(|(version, all)| {
            let shown: Vec<String> =
                all.iter().map(|(digest, _)| format!("sha256:{}", digest.short(12))).collect();
            let runs = numbers(all.iter().skip(1).map(|(_, index)| *index));
            Finding {
                class: Class::OutputDeterminism,
                severity: Severity::Major,
                what: format!("the same version {version}, another component, since {}", named(&runs[..1])),
                runs,
                expected: format!("one component for {version}"),
                observed: join(&shown[..shown.len().min(4)]),
                cause: "somebody replaced the component and kept the version".into(),
                owasp_ast: "AST01",
            }
        })
        .collect()
}

/// Another behaviour of a new version on an input that an old one had, too.
fn changed(comparison: &Comparison<'_>) -> Vec<Finding> {
    // By input and answers: the first execution of each version.
    let mut given: BTreeMap<(&Digest, Option<&Digest>), BTreeMap<&str, usize>> = BTreeMap::new();
    let mut order: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, execution) in comparison.executions.iter().enumerate() {
        order.entry(&execution.version).or_insert(index);
        if comparison.deviations[index].is_empty() {
            let of = given.entry((&execution.input, execution.outside.as_ref())).or_default();
            of.entry(&execution.version).or_insert(index);
        }
    }
    let mut changes: BTreeMap<&str, (BTreeSet<&str>, usize)> = BTreeMap::new();
    for versions in given.values() {
        let mut of: Vec<(&str, usize)> = versions.iter().map(|(version, index)| (*version, *index)).collect();
        of.sort_by_key(|(version, _)| order.get(version));
        for pair in of.windows(2) {
            let ((_, old), (version, new)) = (pair[0], pair[1]);
            let (before, after) = (comparison.executions[old], comparison.executions[new]);
            let mut what = BTreeSet::new();
            if after.output != before.output {
                what.insert("output");
            }
            if after.ending != before.ending {
                what.insert("exit status");
            }
            if after.activity.effects != before.activity.effects {
                what.insert("effects");
            }
            if !what.is_empty() {
                let entry = changes.entry(version).or_insert((BTreeSet::new(), new));
                entry.0.extend(what);
                entry.1 = entry.1.min(new);
            }
        }
    }
    changes
        .into_iter()
        .map(|(version, (what, first))| {
            let what: Vec<String> = what.into_iter().map(str::to_owned).collect();
            Finding {
                class: Class::OutputDeterminism,
                severity: Severity::Info,
                what: format!("changed with version {version}: {}", join(&what)),
                runs: numbers([first]),
                expected: "as before, or as the new version says".into(),
                observed: format!("another {} on the same input", join(&what)),
                cause: format!("version {version}"),
                owasp_ast: "AST01",
            }
        })
        .collect()
}
