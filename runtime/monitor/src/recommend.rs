//! What to do about a verdict: commands that show it, lines of the envelope and claims that would say what is meant.

use std::collections::BTreeSet;

use crate::{
    Confidence, Row, Severity, Subject, Trigger, TriggerKind, Verdict, attribution::Attribution, class::View,
    finding::Source, monitor::Case, report::Recommendation, series::BASELINE_RUNS, text,
};

/// Lines of an envelope that a recommendation names.
const LINES_MAX: usize = 3;

/// The lines of an envelope under which nothing of it would have been undeclared.
fn missing_lines(case: &Case, rows: &[Row]) -> BTreeSet<String> {
    let turns = case.environment.turns.iter().filter(|own| own.severity > Severity::Info);
    let of_series = rows.iter().flat_map(|row| row.run_effects.violations.keys()).map(ToString::to_string);
    turns.flat_map(|own| &own.undeclared).cloned().chain(of_series).collect()
}

/// What leads it to places that are not declared: arguments and variables whose values were solved for, which are
/// nobody's own.
fn leading(case: &Case) -> BTreeSet<String> {
    let minor = case.environment.solved.iter().filter(|own| own.severity == Severity::Minor);
    let undeclared = minor.filter(|own| !own.undeclared.is_empty());
    let sources = undeclared.flat_map(|own| &own.parts).map(|part| &part.source);
    sources
        .filter(|source| matches!(source, Source::Argument(_) | Source::Variable(_)))
        .map(ToString::to_string)
        .collect()
}

/// The entries of `varies_with` that would claim what the runs vary with.
fn claims(view: &View<'_>) -> BTreeSet<String> {
    let groups = view.case.groups.iter().flat_map(|group| &group.attributions);
    let sources = groups.filter_map(Attribution::sources).flatten();
    let sources = sources.chain(view.case.output.sources.iter().cloned());
    let is_missing = |source: &Source| !view.declared.is_expected(source);
    sources.filter(is_missing).filter_map(|own| own.claim()).map(|claim| format!("\"{claim}\"")).collect()
}

/// What to do about it. Every command works when pasted.
pub(crate) fn recommendations(
    subject: &Subject,
    view: &View<'_>,
    verdict: Verdict,
    worst: Severity,
) -> Vec<Recommendation> {
    let (id, case, rows) = (&subject.id, view.case, view.rows);
    let mut all = Vec::new();
    let mut add = |what: &str, command: String| {
        all.push(Recommendation { what: what.to_owned(), command });
    };
    if verdict == Verdict::ActivationPatternDetected {
        // One that changes something, if there is one: a value can be too long for a command.
        let shown = case.triggers.iter().filter(|trigger| !trigger.reproduce.is_empty());
        let first = shown.clone().find(|own| own.reproduce.contains(" --set ")).or(shown.clone().next());
        if let Some(trigger) = first {
            add("see it happen yourself", trigger.reproduce.clone());
        }
    }
    // What only an instrumented copy did cannot be seen.
    let is_shown_otherwise =
        |own: &&Trigger| own.reproduce.is_empty() && own.confidence != Confidence::Forced;
    let is_shown = verdict == Verdict::ActivationPatternDetected
        && case.triggers.iter().any(|own| !own.reproduce.is_empty());
    if let Some(trigger) = case.triggers.first().filter(is_shown_otherwise).filter(|_| !is_shown) {
        match trigger.kind {
            TriggerKind::Input => {
                add(&format!("see it happen yourself, with an {}", trigger.condition), String::new());
            }
            _ => add(
                "see it happen yourself: what to change is too long for a command; --format json has it",
                String::new(),
            ),
        }
    }
    let talks = |row: &&Row| !row.run_effects.traffic.is_empty() && !row.deviations.is_empty();
    match verdict {
        Verdict::Consistent | Verdict::Inconclusive => {}
        Verdict::Marginal | Verdict::Variant | Verdict::ActivationPatternDetected => {
            if let Some(row) = rows.iter().find(talks) {
                add("look at what it sent", format!("invar trace {id}/{} --only network", row.run));
            } else if let Some(run) = case.groups.iter().find_map(|group| group.runs.first()) {
                add("look at what it did", format!("invar trace {id}/{run}"));
            }
            // The last run of the baseline is the most like those after it: caches are warm.
            let mut pairs = case.groups.iter().filter_map(|group| {
                let usual = (1..=BASELINE_RUNS).rev().find(|run| !group.runs.contains(run))?;
                Some((usual, group.attributions.first()?.fired))
            });
            if let Some((usual, fired)) = pairs.next() {
                add("see where it turns", format!("invar diff {id}/{usual} {id}/{fired}"));
            }
            let forced: Vec<_> =
                case.environment.forced.iter().filter(|own| own.severity > Severity::Info).collect();
            if let Some(own) = forced.first() {
                let place = &own.located.place;
                add(&format!("ask the author what the comparison at {place} waits for"), String::new());
            }
            // What is critical is not to be declared, but not to be done.
            if verdict < Verdict::ActivationPatternDetected && worst < Severity::Critical {
                let is_forced_only = !forced.is_empty() && case.triggers.len() <= forced.len();
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

/// What would say that it is meant to be: the lines that the envelope lacks, else the claims.
fn meant(view: &View<'_>) -> Option<String> {
    let lines: Vec<String> = missing_lines(view.case, view.rows).into_iter().collect();
    if !lines.is_empty() {
        return Some(format!("declare it if it is meant to be: {}", listed(&lines)));
    }
    let leading: Vec<String> = leading(view.case).into_iter().collect();
    if !leading.is_empty() {
        let sources = text::join(&leading);
        return Some(format!(
            "declare every place that {sources} may lead it to, or let it refuse the others"
        ));
    }
    let claims: Vec<String> = claims(view).into_iter().collect();
    (!claims.is_empty())
        .then(|| format!("claim it if it is meant to be: varies_with = [{}]", listed(&claims)))
}

/// The first of them, and how many more there are.
fn listed(all: &[String]) -> String {
    let named = all.iter().take(LINES_MAX).cloned().collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(LINES_MAX) {
        0 => named,
        more => format!("{named}, and {more} more"),
    }
}
