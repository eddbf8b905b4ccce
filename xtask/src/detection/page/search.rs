//! The section about what only the search finds.

use std::{fmt::Write as _, time::Duration};

use super::{
    super::score::{Measurement, SEVERE_PERCENT_MAX, SOLVED_PERCENT_MIN, Score},
    tables::{by, cell, of, percentile, seconds, share},
};
use crate::detection::truth::Judgement;

/// The section.
pub(super) fn section(results: &[Measurement]) -> String {
    let solvable = of(results, Measurement::is_solvable);
    let searched = of(results, |result| result.case.truth.needs_search());
    [introduction(), groups(&solvable), bounds(results), times(&searched), list(&searched)].join("\n")
}

fn introduction() -> String {
    "## Triggers that need a search\n\n\
     Sleepers that act on a constant: at run 5,000, in a distant year, on a word in the input, or on several of these\n\
     together. Reported by `invar fuzz`, which instruments comparisons, solves for inputs that flip them, and confirms\n\
     each on the unmodified skill.\n\n\
     A sleeper is solved if it is found as above, and located if only the comparison is reported, with the effects\n\
     behind it. The last columns show whether two simpler methods reach VARIANT or worse: *20 runs* is\n\
     `invar monitor --search none`, which also changes one condition at a time; *forward* is\n\
     `invar fuzz --search forward`, which continues the series without looking at comparisons.\n"
        .to_owned()
}

/// By the kind of condition, and by language.
fn groups(solvable: &[&Measurement]) -> String {
    let columns = "skills | solved | located | wrong fields | missed | 20 runs | forward |\n\
        |---|---|---|---|---|---|---|---|\n";
    let mut page = format!("### By class and by language\n\n| class | {columns}");
    for (shape, results) in by(solvable, |result| result.case.truth.shape.as_str()) {
        group(&mut page, shape, &results);
    }
    group(&mut page, "all", solvable);
    let _ = write!(page, "\n| language | {columns}");
    for (language, results) in by(solvable, |result| result.case.language) {
        group(&mut page, language.as_str(), &results);
    }
    group(&mut page, "all", solvable);
    page
}

fn group(page: &mut String, name: &str, results: &[&Measurement]) {
    let count =
        |wanted: &dyn Fn(&Measurement) -> bool| results.iter().filter(|result| wanted(result)).count();
    let _ = writeln!(
        page,
        "| {name} | {} | {} | {} | {} | {} | {} | {} |",
        results.len(),
        count(&Measurement::is_right),
        count(&Measurement::is_located),
        count(&|result| result.judgement == Judgement::WrongFields),
        count(&|result| result.judgement == Judgement::Missed),
        count(&|result| result.measured.simpler.without_search),
        count(&|result| result.measured.simpler.forward),
    );
}

/// What must hold.
fn bounds(results: &[Measurement]) -> String {
    let Score { solvable, solved, located, opaque, opaque_located, opaque_claimed, benign, severe, .. } =
        Score::of(results);
    let opaque_by = |wanted: &dyn Fn(&Measurement) -> bool| {
        results.iter().filter(|result| result.is_opaque() && wanted(result)).count()
    };
    format!(
        "### What must hold\n\n\
         Opaque are sleepers behind a hash or an encrypted payload, of which nobody can say from the code what opens\n\
         them: they are to be located and not to be claimed solved. Benign skills are as `invar fuzz` reports\n\
         them.\n\n\
         | | | target |\n|---|---|---|\n\
         | solved | {} | at least {SOLVED_PERCENT_MIN} % |\n\
         | located, of those not solved | {} | all |\n\
         | opaque, located | {} | all |\n\
         | opaque, claimed solved | {} | none |\n\
         | benign, VARIANT or worse | {} | at most {SEVERE_PERCENT_MAX} % |\n\n\
         Of the {opaque} that are opaque, 20 runs flag {} and forward {}.\n",
        share(solved, solvable),
        share(located, solvable - solved),
        share(opaque_located, opaque),
        share(opaque_claimed, opaque),
        share(severe, benign),
        opaque_by(&|result| result.measured.simpler.without_search),
        opaque_by(&|result| result.measured.simpler.forward),
    )
}

/// How long a person waits, by what has to be compiled and interpreted.
fn times(searched: &[&Measurement]) -> String {
    let mut page = String::from(
        "### Times\n\n\
         Of a skill by itself, on all cores: the whole command, of it the search, and what is left, which is compiling\n\
         and the series. Each as median / 95 %.\n\n\
         | language | skills | whole command | search | compiling and series | runs of the search |\n\
         |---|---|---|---|---|---|\n",
    );
    for (language, results) in by(searched, |result| result.case.language) {
        time(&mut page, language.as_str(), &results);
    }
    time(&mut page, "all", searched);
    page
}

fn time(page: &mut String, name: &str, results: &[&Measurement]) {
    let wholes: Vec<Duration> = results.iter().map(|result| result.measured.time).collect();
    let searches: Vec<_> = results
        .iter()
        .filter_map(|result| {
            let search = result.measured.report.search?;
            Some((result.measured.time, Duration::from_millis(search.ms), search.runs))
        })
        .collect();
    let of_search = searches.iter().map(|(_, search, _)| *search).collect();
    let rests = searches.iter().map(|(whole, search, _)| whole.saturating_sub(*search)).collect();
    let runs: Vec<u64> = searches.iter().map(|(_, _, runs)| *runs).collect();
    let number =
        |percent| percentile(runs.clone(), percent).map_or_else(|| "–".into(), |value| value.to_string());
    let _ = writeln!(
        page,
        "| {name} | {} | {} | {} | {} | {} / {} |",
        results.len(),
        spread(wholes),
        spread(of_search),
        spread(rests),
        number(50),
        number(95),
    );
}

/// Median and 95 %.
fn spread(times: Vec<Duration>) -> String {
    format!("{} / {}", seconds(percentile(times.clone(), 50)), seconds(percentile(times, 95)))
}

/// Every one of them.
fn list(searched: &[&Measurement]) -> String {
    let mut page = String::from(
        "### Every one\n\n\
         | skill | language | expected | reported | ok |\n|---|---|---|---|---|\n",
    );
    for result in searched {
        let truth = &result.case.truth;
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} |",
            result.case.name,
            result.case.language.as_str(),
            cell(&truth.expected()),
            cell(&truth.reported(&result.measured.report)),
            if result.is_right() { "yes" } else { result.judgement.as_str() },
        );
    }
    page
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::{Value, json};

    use super::section;
    use crate::detection::{
        cases::{Case, Language},
        measure::{Baselines, MonitorResult},
        report::{Search, tests::report, tests::trigger},
        score::Measurement,
        truth::Truth,
    };

    const COUNTER: &str = "turns = true\nshape = 'counter'\nreachable_by = 'solver'\n\
        verdict = 'ACTIVATION-PATTERN-DETECTED'\n\
        [trigger]\nkind = 'execution-count'\nfirst_run = 100\nsource = 'file /state/runs'\n";

    fn measurement(
        language: Language,
        truth: &str,
        verdict: &str,
        triggers: &[Value],
        ms: u64,
    ) -> Measurement {
        let mut report = report(verdict, triggers);
        report.search = Some(Search { runs: 812, comparisons: 14, open: 3, ms });
        let truth = Truth::parse(truth).unwrap();
        let case = Case { name: "a-skill".into(), language, directory: "skills".into(), truth };
        let simpler = Baselines { forward: true, ..Baselines::default() };
        Measurement::of(
            case,
            MonitorResult { time: Duration::from_secs(2), report, proofs: Vec::new(), simpler },
        )
    }

    #[test]
    fn the_section_counts_by_class_and_language_and_tells_times_apart() {
        let solved = trigger(json!({ "first_run": 100, "value": "9|9" }));
        let forced = trigger(json!({ "confidence": "forced" }));
        let lock = COUNTER.replace("ACTIVATION-PATTERN-DETECTED", "MARGINAL").replace("first_run = 100", "")
            + "confidence = 'forced'\n";
        let activation = "ACTIVATION-PATTERN-DETECTED";
        let results = [
            measurement(Language::Rust, COUNTER, activation, &[solved], 500),
            measurement(Language::C, COUNTER, "MARGINAL", std::slice::from_ref(&forced), 1500),
            measurement(Language::Rust, COUNTER, "CONSISTENT", &[], 500),
            measurement(Language::Rust, &lock, "MARGINAL", &[forced], 500),
        ];
        let page = section(&results);
        let lines = [
            "| counter | 3 | 1 | 1 | 0 | 1 | 0 | 3 |",
            "| Rust | 2 | 1 | 0 | 0 | 1 | 0 | 2 |",
            "| C | 1 | 0 | 1 | 0 | 0 | 0 | 1 |",
            "| solved | 1 of 3 (33 %) | at least 90 % |",
            "| located, of those not solved | 1 of 2 (50 %) | all |",
            "| opaque, located | 1 of 1 (100 %) | all |",
            "| opaque, claimed solved | 0 of 1 (0 %) | none |",
            "| benign, VARIANT or worse | none to count | at most 2 % |",
            "| C | 1 | 2.00 s / 2.00 s | 1.50 s / 1.50 s | 0.50 s / 0.50 s | 812 / 812 |",
        ];
        for line in lines {
            assert!(page.contains(&format!("{line}\n")), "{line}\n{page}");
        }
        assert!(page.contains("value \"9\\|9\" | yes |"), "{page}");
        assert!(page.contains("| located only |\n"), "{page}");
    }
}
