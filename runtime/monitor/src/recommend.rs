//! What to do about a verdict: commands that show it, lines of the envelope and claims that would declare it.

use std::collections::BTreeSet;

use crate::{
    BASELINE_RUNS, Confidence, Recommendation, Row, Severity, Subject, Trigger, TriggerKind, Verdict,
    class::View, results::Investigation, source::Source, text,
};

/// Lines of an envelope that a recommendation names.
const LINES_MAX: usize = 3;

/// The lines of an envelope that would declare all of it.
fn missing_lines(view: &View<'_>) -> BTreeSet<String> {
    let flips = view.investigation.environment.flips.iter().filter(|flip| flip.severity > Severity::Info);
    let missing = view.rows.iter().flat_map(|row| row.run_effects.violations.keys());
    let of_series = missing.map(|missing| view.given.line(missing));
    flips.flat_map(|flip| &flip.undeclared).cloned().chain(of_series).collect()
}

/// Arguments and variables that select undeclared locations: a search solved their values, and nobody gave them.
fn leading(investigation: &Investigation) -> BTreeSet<String> {
    let minor = investigation.environment.solved.iter().filter(|solved| solved.severity == Severity::Minor);
    let undeclared = minor.filter(|solved| !solved.undeclared.is_empty());
    let sources = undeclared.flat_map(|solved| &solved.parts).map(|part| &part.source);
    sources
        .filter(|source| matches!(source, Source::Argument(_) | Source::Field(_) | Source::Variable(_)))
        .map(ToString::to_string)
        .collect()
}

/// The entries of `varies_with` that would claim what the runs vary with.
fn claims(view: &View<'_>) -> BTreeSet<String> {
    let output = &view.investigation.output;
    let followed = view.investigation.groups.iter().flat_map(|group| {
        let each = group.deviations.iter().zip(&group.attributions);
        each.map(move |(deviation, attribution)| (view.in_calls(group, deviation).functions(), attribution))
    });
    let of_groups = followed.flat_map(|(functions, attribution)| {
        let sources = attribution.sources().into_iter().flatten();
        sources.map(move |source| (functions.clone(), source))
    });
    let of_output = output.sources.iter().map(|source| (output.functions_of(source), source.clone()));
    of_groups
        .chain(of_output)
        .filter(|(functions, source)| !view.declared.is_expected_in(functions, source))
        .filter_map(|(_, source)| source.claim())
        .map(|claim| format!("\"{claim}\""))
        .collect()
}

/// What to do about it. Every command works when pasted.
pub(crate) fn recommendations(
    subject: &Subject,
    view: &View<'_>,
    verdict: Verdict,
    worst: Severity,
) -> Vec<Recommendation> {
    let (id, investigation, rows) = (&subject.id, view.investigation, view.rows);
    let mut all = Vec::new();
    let mut add = |what: &str, command: String| {
        all.push(Recommendation { what: what.to_owned(), command });
    };
    if verdict == Verdict::ActivationPatternDetected {
        // One that changes something, if there is one: a value can be too long for a command.
        let shown = investigation.triggers.iter().filter(|trigger| !trigger.reproduce.is_empty());
        let first =
            shown.clone().find(|trigger| trigger.reproduce.contains(" --set ")).or(shown.clone().next());
        if let Some(trigger) = first {
            add("reproduce it", trigger.reproduce.clone());
        }
    }
    // What only an instrumented copy did cannot be reproduced.
    let has_no_command =
        |trigger: &&Trigger| trigger.reproduce.is_empty() && trigger.confidence != Confidence::Forced;
    let is_shown = verdict == Verdict::ActivationPatternDetected
        && investigation.triggers.iter().any(|trigger| !trigger.reproduce.is_empty());
    if let Some(trigger) = investigation.triggers.first().filter(has_no_command).filter(|_| !is_shown) {
        match trigger.kind {
            TriggerKind::Input => {
                add(&format!("reproduce it, with an {}", trigger.condition), String::new());
            }
            _ => {
                add("reproduce it: the change is too long for a command; --format json has it", String::new())
            }
        }
    }
    let talks = |row: &&Row| !row.run_effects.traffic.is_empty() && !row.deviations.is_empty();
    match verdict {
        Verdict::Consistent | Verdict::Inconclusive => {}
        Verdict::Marginal | Verdict::Variant | Verdict::ActivationPatternDetected => {
            if let Some(row) = rows.iter().find(talks) {
                add("look at what it sent", format!("invar trace {id}/{} --only network", row.run));
            } else if let Some(run) = investigation.groups.iter().find_map(|group| group.runs.first()) {
                add("look at what it did", format!("invar trace {id}/{run}"));
            }
            // The last run of the baseline is the most like those after it: caches are warm.
            let mut pairs = investigation.groups.iter().filter_map(|group| {
                let usual = (1..=BASELINE_RUNS).rev().find(|run| !group.runs.contains(run))?;
                Some((usual, group.attributions.first()?.fired))
            });
            if let Some((usual, fired)) = pairs.next() {
                add("find the divergence", format!("invar diff {id}/{usual} {id}/{fired}"));
            }
            let forced: Vec<_> = investigation
                .environment
                .forced
                .iter()
                .filter(|forced| forced.severity > Severity::Info)
                .collect();
            if let Some(located) = forced.first() {
                let (noun, place) = (located.located.kind.noun(), &located.located.place);
                add(&format!("ask the author what the {noun} at {place} waits for"), String::new());
            }
            // What is critical is not to be declared.
            if verdict < Verdict::ActivationPatternDetected && worst < Severity::Critical {
                let is_forced_only = !forced.is_empty() && investigation.triggers.len() <= forced.len();
                match meant(view) {
                    Some(what) => add(&what, String::new()),
                    None if verdict == Verdict::Marginal && !is_forced_only => {
                        add("declare or claim what is named above, or do without it", String::new());
                    }
                    None => {}
                }
            }
        }
    }
    all
}

/// How to declare that it is intended: the lines that the envelope lacks, else the claims.
fn meant(view: &View<'_>) -> Option<String> {
    let lines: Vec<String> = missing_lines(view).into_iter().collect();
    if !lines.is_empty() {
        return Some(format!("declare it if it is intended: {}", listed(&lines)));
    }
    let leading: Vec<String> = leading(view.investigation).into_iter().collect();
    if !leading.is_empty() {
        let sources = text::join(&leading);
        return Some(format!(
            "declare every location that {sources} may select, or let it refuse the others"
        ));
    }
    let claims: Vec<String> = claims(view).into_iter().collect();
    (!claims.is_empty()).then(|| format!("claim it if it is intended: varies_with = [{}]", listed(&claims)))
}

/// The first of them, and how many more there are.
fn listed(all: &[String]) -> String {
    let named = all.iter().take(LINES_MAX).cloned().collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(LINES_MAX) {
        0 => named,
        more => format!("{named}, and {more} more"),
    }
}
