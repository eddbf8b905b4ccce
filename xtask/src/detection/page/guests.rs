//! The section about the componentized guests. It ends the page, and is written by itself.

use std::fmt::Write as _;

use super::tables::{by, cell, of, seconds, share};
use crate::detection::{score::Measurement, truth::Judgement};

const TITLE: &str = "## Componentized guests\n";

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

/// A page with this section at its end, in place of the one that it has.
pub(in super::super) fn with(page: &str, section: &str) -> String {
    let before = page.split_once(TITLE).map_or(page, |(before, _)| before);
    format!("{}\n\n{section}", before.trim_end())
}

/// A page with the section that another one has, if it has one.
pub(in super::super) fn with_those_of(old: &str, page: &str) -> String {
    match old.split_once(TITLE) {
        Some((_, section)) => with(page, &format!("{TITLE}{section}")),
        None => page.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{TITLE, with, with_those_of};

    #[test]
    fn the_section_is_replaced_and_survives_the_rest_of_the_page() {
        let section = format!("{TITLE}\none\n");
        let page = with("# Detection\n\nfirst\n", &section);
        assert_eq!(page, format!("# Detection\n\nfirst\n\n{section}"));
        assert_eq!(with(&page, &section), page);
        assert_eq!(with_those_of(&page, "# Detection\n\nsecond\n"), page.replace("first", "second"));
        assert_eq!(with_those_of("old\n", "new\n"), "new\n");
    }
}
