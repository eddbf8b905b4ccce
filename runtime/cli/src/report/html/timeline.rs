//! What each run did: effects by run.

use std::collections::BTreeMap;

use invar_monitor::{Report, runs};
use invar_trace::Effect;
use maud::{Markup, html};

use super::{plot, prose::visible};

/// Effects shown at most. Stops a skill that writes a file of another name each run from filling the page.
const EFFECTS_MAX: usize = 40;

/// The effects, those first that the first runs do not have.
pub(super) fn effects(report: &Report) -> Markup {
    let mut by_effect: BTreeMap<&Effect, Vec<u32>> = BTreeMap::new();
    for row in &report.rows {
        for effect in &row.run_effects.effects {
            by_effect.entry(effect).or_default().push(row.run);
        }
    }
    if by_effect.is_empty() {
        return html! {};
    }
    let is_new = |effect: &Effect| !report.baseline.any.contains(effect);
    let mut sorted: Vec<(&Effect, Vec<u32>)> = by_effect.into_iter().collect();
    sorted.sort_by_key(|(effect, _)| !is_new(effect));
    let more = sorted.len().saturating_sub(EFFECTS_MAX);
    let columns = plot::columns(&report.rows);
    let ends = [report.rows.first(), report.rows.last()].map(|row| row.map_or(0, |row| row.run));
    html! {
        section aria-labelledby="effects" {
            h2 #effects { "What each run did" }
            ul .timeline {
                @for (effect, in_runs) in sorted.iter().take(EFFECTS_MAX) {
                    li .new[is_new(effect)] {
                        p .effect { (visible(&effect.to_string())) @if is_new(effect) { " " span .tag { "new" } } }
                        (strip(in_runs, &columns))
                        p .runs { (run_names(in_runs, report.rows.len())) }
                    }
                }
                li .scale aria-hidden="true" { span { "run " (ends[0]) } span { (ends[1]) } }
            }
            @if more > 0 { p .note { (more) " more effects are in the JSON report." } }
        }
    }
}

/// A mark for each run that has the effect.
fn strip(in_runs: &[u32], columns: &[plot::Column<'_>]) -> Markup {
    let width = columns.len() * 10;
    html! {
        svg .strip viewBox=(format!("0 0 {width} 20")) preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            @for (index, column) in columns.iter().enumerate() {
                @let has = column.has_any(in_runs);
                g .point {
                    title { "run " (column.numbers()) @if !has { ": no" } }
                    @if has {
                        rect .cell x=(index * 10 + 1) y="2" width="8" height="16" {}
                    } @else {
                        rect .gap x=(index * 10 + 1) y="9" width="8" height="2" {}
                    }
                }
            }
        }
    }
}

/// The runs that have it, in words: `all 20 runs`, `runs 2–20`, `runs 8, 16`.
fn run_names(in_runs: &[u32], all: usize) -> String {
    match in_runs {
        many if many.len() == all => format!("all {all} runs"),
        [first, .., last]
            if in_runs.len() > 2 && last - first + 1 == u32::try_from(in_runs.len()).unwrap_or(0) =>
        {
            format!("runs {first}–{last}")
        }
        other => runs(other),
    }
}

#[cfg(test)]
mod tests {
    use super::run_names;

    #[test]
    fn runs_in_a_row_are_told_by_their_ends() {
        assert_eq!(run_names(&[1, 2, 3], 3), "all 3 runs");
        assert_eq!(run_names(&[2, 3, 4, 5], 5), "runs 2–5");
        assert_eq!(run_names(&[8, 16], 20), "runs 8, 16");
        assert_eq!(run_names(&[2, 3, 5], 20), "runs 2, 3, 5");
    }
}
