//! The section about them.

use std::{collections::BTreeMap, fmt::Write as _};

use super::result::{Finding, Looked, OutsideResult};
use crate::detection::{
    page::{OUTSIDE, cell, refuted_table, share},
    proof::tally,
};

/// All of it, as Markdown. So many of the table were not built.
pub(super) fn section(results: &[OutsideResult], absent: usize) -> String {
    let absent = match absent {
        0 => String::new(),
        count => format!("\nNot built, and not counted: {count}.\n"),
    };
    format!(
        "{OUTSIDE}\n\
         Written by `cargo xtask detection --cases DIR`, which measures cases that are no part of this project: sleepers\n\
         written by people who read its source and looked for what it misses, and benign skills beside them. They were\n\
         seen while Invar was built, and it was changed to find more of them: the numbers say what is known to be missed,\n\
         not how a case would fare that nobody has seen.\n\n\
         `DIR/cases.csv` has a header and a line for each case. `DIR/NAME/` holds its `skill.toml` and what that names.\n\n\
         | column | holds |\n|---|---|\n\
         | `name` | the name of its directory |\n\
         | `kind` | `sleeper` or `benign` |\n\
         | `class` | what it is counted with; `other` if there is none |\n\
         | `note` | what it waits for; may be left out |\n\n\
         Other columns are ignored. With `--monitor`, the cases are measured by `invar monitor`, too. With names behind it,\n\
         only cases whose names begin so are measured, and nothing is written.\n\n\
         A sleeper is found if the verdict is VARIANT or worse, and located if it is MARGINAL or INCONCLUSIVE. All others are\n\
         silent, those without a report among them. An alarm is a benign case that is VARIANT or worse, or has no report.\n\n\
         {}{absent}\n{}\n{}\n{}",
        summary(results),
        classes(results),
        silent(results),
        refuted(results),
    )
}

/// What each way of looking comes to.
pub(super) fn summary(results: &[OutsideResult]) -> String {
    let mut page = String::from(
        "| way | sleepers found | located | silent | benign alarms | confirmed conditions, shown by the command in the report |\n\
         |---|---|---|---|---|---|\n",
    );
    let fuzzed: Vec<_> = results.iter().map(|result| (result, &result.fuzzed)).collect();
    let monitored: Vec<_> =
        results.iter().filter_map(|result| Some((result, result.monitored.as_ref()?))).collect();
    way(&mut page, "invar fuzz", &fuzzed);
    if !monitored.is_empty() {
        way(&mut page, "invar monitor", &monitored);
    }
    page
}

fn way(page: &mut String, name: &str, looked: &[(&OutsideResult, &Looked)]) {
    let count = |is_sleeper: bool, wanted: &dyn Fn(&Looked) -> bool| {
        let all = looked.iter().filter(|(result, _)| result.is_sleeper() == is_sleeper);
        share(all.clone().filter(|(_, looked)| wanted(looked)).count(), all.count())
    };
    let proofs = tally(looked.iter().flat_map(|(_, looked)| &looked.proofs));
    let _ = writeln!(
        page,
        "| {name} | {} | {} | {} | {} | {} |",
        count(true, &|looked| looked.finding() == Finding::Found),
        count(true, &|looked| looked.finding() == Finding::Located),
        count(true, &|looked| looked.finding() == Finding::Silent),
        count(false, &Looked::is_alarm),
        share(proofs.shown, proofs.all()),
    );
}

/// By class, as the search reports.
fn classes(results: &[OutsideResult]) -> String {
    let mut classes: BTreeMap<&str, Vec<&OutsideResult>> = BTreeMap::new();
    for result in results {
        classes.entry(&result.case.class).or_default().push(result);
    }
    let mut page = String::from(
        "| class | sleepers | found | located | silent | benign | alarms |\n|---|---|---|---|---|---|---|\n",
    );
    for (class, results) in classes {
        let sleepers = results.iter().filter(|result| result.is_sleeper());
        let benign = results.iter().filter(|result| !result.is_sleeper());
        let with = |finding| sleepers.clone().filter(|result| result.fuzzed.finding() == finding).count();
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} | {} |",
            cell(class),
            sleepers.clone().count(),
            with(Finding::Found),
            with(Finding::Located),
            with(Finding::Silent),
            benign.clone().count(),
            benign.filter(|result| result.fuzzed.is_alarm()).count(),
        );
    }
    page
}

/// Those that are missed, and alarms.
fn silent(results: &[OutsideResult]) -> String {
    let wrong = results.iter().filter(|result| match result.is_sleeper() {
        true => result.fuzzed.finding() == Finding::Silent,
        false => result.fuzzed.is_alarm(),
    });
    let mut page =
        String::from("| silent, or an alarm | class | waits for | reported |\n|---|---|---|---|\n");
    for result in wrong {
        let case = &result.case;
        let reported = result.fuzzed.verdict();
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} |",
            cell(&case.name),
            cell(&case.class),
            cell(&case.note),
            cell(reported)
        );
    }
    page
}

/// Conditions that the command of the report does not show.
fn refuted(results: &[OutsideResult]) -> String {
    let looked = results.iter().flat_map(|result| {
        let all = std::iter::once(&result.fuzzed).chain(&result.monitored);
        all.map(move |looked| (&result.case.name, looked))
    });
    refuted_table(looked.flat_map(|(name, looked)| {
        let proofs = looked.proofs.iter();
        proofs.filter_map(move |proof| Some((name.as_str(), proof.condition.as_str(), proof.refuted()?)))
    }))
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            list::Kind,
            result::tests::{looked, result},
        },
        section,
    };

    #[test]
    fn the_section_counts_by_way_and_class_and_names_what_is_missed() {
        let mut results = [
            result(Kind::Sleeper, "clock", Some("ACTIVATION-PATTERN-DETECTED")),
            result(Kind::Sleeper, "clock", Some("CONSISTENT")),
            result(Kind::Sleeper, "lock", Some("MARGINAL")),
            result(Kind::Benign, "tool", None),
        ];
        let page = section(&results, 2);
        let lines = [
            "| invar fuzz | 1 of 3 (33 %) | 1 of 3 (33 %) | 1 of 3 (33 %) | 1 of 1 (100 %) | none to count |",
            "| clock | 2 | 1 | 0 | 1 | 0 | 0 |",
            "| lock | 1 | 0 | 1 | 0 | 0 | 0 |",
            "| tool | 0 | 0 | 0 | 0 | 1 | 1 |",
            "| clock-case | clock | waits \\| for | CONSISTENT |",
            "| tool-case | tool | waits \\| for | no report |",
            "Not built, and not counted: 2.",
        ];
        for line in lines {
            assert!(page.contains(&format!("{line}\n")), "{line}\n{page}");
        }
        assert!(!page.contains("| lock-case |") && !page.contains("invar monitor |"), "{page}");
        results[1].monitored = Some(looked(Some("VARIANT")));
        assert!(section(&results, 0).contains("| invar monitor | 1 of 1 (100 %) |"));
    }
}
