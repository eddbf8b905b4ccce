//! What to do about a verdict: commands that show it, lines of the envelope and claims that would say what is meant.

use std::collections::BTreeSet;

use crate::{
    Confidence, Row, Severity, Subject, Trigger, Verdict, attribution::Attribution, class::View,
    finding::Source, monitor::Case, report::Recommendation, series::BASELINE_RUNS,
};

/// Lines of an envelope that a recommendation names.
const LINES_MAX: usize = 3;

/// The lines of an envelope under which a marginal skill would have done nothing undeclared.
fn missing_lines(case: &Case, rows: &[Row]) -> BTreeSet<String> {
    let minor = Severity::Minor;
    let turns = case.environment.turns.iter().filter(|own| own.severity == minor);
    let of_series = rows.iter().flat_map(|row| row.deeds.violations.keys()).map(ToString::to_string);
    let lines: BTreeSet<String> = turns.flat_map(|own| &own.undeclared).cloned().chain(of_series).collect();
    if !lines.is_empty() {
        return lines;
    }
    // Values that were solved for are nobody's own.
    let solved = case.environment.solved.iter().filter(|own| own.severity == minor);
    solved.flat_map(|own| &own.undeclared).cloned().collect()
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
        for trigger in case.triggers.iter().filter(|trigger| !trigger.reproduce.is_empty()).take(1) {
            add("see it happen yourself", trigger.reproduce.clone());
        }
    }
    // What only an instrumented copy did cannot be seen.
    let is_shown_otherwise =
        |own: &&Trigger| own.reproduce.is_empty() && own.confidence != Confidence::Forced;
    if let Some(trigger) = case.triggers.first().filter(is_shown_otherwise) {
        add(&format!("see it happen yourself, with an {}", trigger.condition), String::new());
    }
    let talks = |row: &&Row| !row.deeds.traffic.is_empty() && !row.deviations.is_empty();
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
            let claims = claims(view);
            if verdict < Verdict::ActivationPatternDetected
                && worst < Severity::Critical
                && !claims.is_empty()
            {
                let named: Vec<String> = claims.into_iter().take(LINES_MAX).collect();
                add(
                    &format!("claim it if it is meant to be: varies_with = [{}]", named.join(", ")),
                    String::new(),
                );
            }
            if verdict == Verdict::Marginal && (forced.is_empty() || case.triggers.len() > forced.len()) {
                let lines = missing_lines(case, rows);
                match lines.len() {
                    0 => add("declare or claim what is named above, or do without it", String::new()),
                    len => {
                        let named: Vec<_> = lines.into_iter().take(LINES_MAX).collect();
                        let more = len - named.len();
                        let more = if more > 0 { format!(", and {more} more") } else { String::new() };
                        add(
                            &format!("declare it if it is meant to be: {}{more}", named.join(", ")),
                            String::new(),
                        );
                    }
                }
            }
        }
    }
    all
}
