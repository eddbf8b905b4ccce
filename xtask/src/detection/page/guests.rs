//! The section about the componentized guests, which is written by itself.

use std::fmt::Write as _;

use super::tables::{by, cell, of, seconds, share};
use crate::detection::{proof::tally, score::Measurement, truth::Judgement};

pub(in super::super) const TITLE: &str = "## Componentized guests\n";

/// The section.
pub(in super::super) fn section(results: &[Measurement]) -> String {
    let mut page = format!(
        "{TITLE}\n\
         Written by `cargo xtask detection --guests`, which builds the skills of `skills-examples/guests/componentized` with\n\
         componentize-py and componentize-qjs. They are counted nowhere else on this page, and no target is set for them.\n\n\
         | language | sleepers found, with their trigger | located only | benign, VARIANT or worse | benign, MARGINAL |\n\
         |---|---|---|---|---|\n"
    );
    for (language, results) in by(&of(results, |_| true), |result| result.case.language) {
        let sleepers = of(results.iter().copied(), |result| result.case.truth.turns);
        let benign = of(results.iter().copied(), Measurement::is_benign);
        let count = |all: &[&Measurement], wanted: &dyn Fn(&Measurement) -> bool| {
            share(all.iter().filter(|result| wanted(result)).count(), all.len())
        };
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} |",
            language.as_str(),
            count(&sleepers, &Measurement::is_right),
            count(&sleepers, &|result| result.judgement == Judgement::Located),
            count(&benign, &Measurement::is_flagged),
            count(&benign, &|result| result.says("MARGINAL")),
        );
    }
    let sentences = tally(results.iter().flat_map(|result| &result.measured.proofs));
    let _ = writeln!(
        page,
        "\nConfirmed conditions, shown by the command in the report: {}.",
        share(sentences.shown, sentences.all())
    );
    page.push_str("\n| skill | expected | reported | ok | time |\n|---|---|---|---|---|\n");
    for result in results {
        let truth = &result.case.truth;
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} |",
            result.case.name,
            cell(&truth.expected()),
            cell(&truth.reported(&result.measured.report)),
            if result.is_right() { "yes" } else { result.judgement.as_str() },
            seconds(Some(result.measured.time)),
        );
    }
    page
}
