//! Side effects: what is done to the outside stays the same.

use std::collections::BTreeSet;

use crate::{
    Class, Deviation, Finding, Row, Section, Severity,
    class::{view::View, wording},
    followup::FollowUp,
    text,
};

pub(super) fn section(view: &View<'_>) -> Section {
    let mut findings: Vec<Finding> = view
        .investigation
        .groups
        .iter()
        .flat_map(|group| group.deviations.iter().filter_map(|deviation| describe(view, group, deviation)))
        .collect();
    findings.extend(instructions(view));
    findings.extend(other_ways(view));
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let worst = findings.first().map(|finding| finding.severity);
    // What is claimed is not reported beside what is not.
    let is_reported = |finding: &&Finding| {
        finding.severity > Severity::Info || worst.is_none_or(|worst| worst == Severity::Info)
    };
    let lines: Vec<&str> = findings.iter().filter(is_reported).map(|finding| finding.what.as_str()).collect();
    let why = match lines.is_empty() {
        true => {
            let lasting = view.investigation.baseline.any.iter().filter(|effect| effect.is_lasting()).count();
            match lasting {
                0 => "none in any run".into(),
                lasting => format!("the same {lasting} in all runs"),
            }
        }
        false => lines.join("; "),
    };
    Section::of(why, findings)
}

/// Files that agents take instructions from.
const INSTRUCTIONS: [&str; 8] = [
    "SOUL.md",
    "MEMORY.md",
    "AGENTS.md",
    "CLAUDE.md",
    "SKILL.md",
    "GEMINI.md",
    ".cursorrules",
    "copilot-instructions.md",
];

/// Whether a path names a file that agents take instructions from.
fn is_instruction(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    INSTRUCTIONS.iter().any(|instruction| instruction.eq_ignore_ascii_case(name))
}

/// Changes of files that agents take instructions from, reported whether they deviate or not.
fn instructions(view: &View<'_>) -> Option<Finding> {
    let mut runs = Vec::new();
    let mut paths: BTreeSet<&str> = BTreeSet::new();
    for row in view.rows {
        let changed = row.run_effects.effects.iter().filter(|effect| effect.is_lasting());
        let found: Vec<&str> = changed
            .flat_map(|effect| effect.subject.split(" -> "))
            .filter(|path| is_instruction(path))
            .collect();
        if !found.is_empty() {
            runs.push(row.run);
            paths.extend(found);
        }
    }
    if runs.is_empty() {
        return None;
    }
    let always = runs.len() == view.rows.len();
    let who = if always { "every run".to_owned() } else { text::runs(&runs) };
    let names: Vec<String> = paths.iter().map(|path| path.escape_debug().to_string()).collect();
    Some(Finding {
        class: Class::SideEffects,
        // What is declared and always done is for the operator to weigh.
        severity: if always { Severity::Minor } else { Severity::Major },
        what: format!("{who}: changes files that agents take instructions from: {}", text::join(&names)),
        expected: "agent instructions left alone".into(),
        observed: text::join(&names),
        cause: "see execution count and environment".into(),
        runs,
        owasp_ast: "AST05",
    })
}

/// Runs that do and say the same by other calls, or in another order.
fn other_ways(view: &View<'_>) -> Option<Finding> {
    let same: Vec<&Row> = view.rows.iter().filter(|row| row.deviations.is_empty()).collect();
    let first = same.first()?.path;
    let others: Vec<u32> = same.iter().filter(|row| row.path != first).map(|row| row.run).collect();
    (!others.is_empty()).then(|| Finding {
        class: Class::SideEffects,
        severity: Severity::Info,
        what: format!("{}: the same effects by other calls, or in another order", text::runs(&others)),
        expected: "the calls of the first run without deviations".into(),
        observed: "others".into(),
        cause: "not followed up: nothing else differs".into(),
        runs: others,
        owasp_ast: "AST01",
    })
}

fn describe(view: &View<'_>, group: &FollowUp, deviation: &Deviation) -> Option<Finding> {
    let attribution = group.attribution_of(|other| other == deviation);
    let rows: Vec<&Row> = view.rows.iter().filter(|row| group.runs.contains(&row.run)).collect();
    let (what, expected, observed) = match deviation {
        Deviation::New(effects) => {
            let shown = wording::list(effects, &rows);
            // Undeclared ones are the envelope's affair; here counts that it was not always so.
            (format!("new: {shown}"), "the effects of the first runs".to_owned(), shown)
        }
        Deviation::Missing(effects) => {
            let shown = wording::list(effects, &[]);
            (format!("missing: {shown}"), shown.clone(), "it was not done".to_owned())
        }
        Deviation::Ending => {
            let ending = rows.first().map_or_else(String::new, |row| row.ending.to_string());
            let usual = view
                .investigation
                .baseline
                .endings
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(" or ");
            (ending.clone(), usual, ending)
        }
        Deviation::Payload => (
            "other bytes to the same destinations".to_owned(),
            "the bytes that the first runs sent".to_owned(),
            "others".to_owned(),
        ),
        Deviation::Output | Deviation::Errors | Deviation::Cost(_) | Deviation::Growth(_) => return None,
    };
    let runs = text::runs(&group.runs);
    let place = view.in_calls(group, deviation).words();
    let finding = Finding {
        class: Class::SideEffects,
        severity: view.severity(group, deviation, attribution),
        runs: group.runs.clone(),
        what: format!("{runs}: {what}{place}"),
        expected,
        observed,
        cause: view.cause(attribution),
        owasp_ast: "AST01",
    };
    Some(finding)
}
