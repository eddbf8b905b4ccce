//! The page of detection.

mod guests;
mod kept;
mod real;
mod search;
mod tables;

use std::{collections::BTreeMap, fmt::Write as _, time::Duration};

use self::tables::{by, of, percentile, seconds};
pub(super) use self::{
    guests::{TITLE as COMPONENTIZED, section as componentized},
    kept::{OUTSIDE, with_section, with_sections_of},
    real::{TITLE as REAL, section as real},
    tables::{cell, refuted_table, share},
};
use super::{
    score::{FOUND_PERCENT_MIN, MARGINAL_PERCENT_MAX, Measurement, SOLVED_PERCENT_MIN, Score},
    truth::{CONSISTENT, Judgement},
};

/// All of it, as Markdown.
pub(super) fn page(results: &[Measurement]) -> String {
    let seen = of(results, Measurement::is_seen);
    let beyond = of(results, Measurement::is_beyond);
    let benign = of(results, Measurement::is_benign);
    [
        summary(&Score::of(results), beyond.len()),
        baselines(&seen, &benign),
        classes(&seen),
        misses(&seen),
        search::section(results),
        sentences(results),
        unreachable(&beyond),
        benign_table(&benign),
    ]
    .join("\n")
}

fn summary(score: &Score, beyond: usize) -> String {
    let Score { seen, found, solvable, solved, opaque, opaque_located, benign, severe, marginal, .. } = score;
    let sentences = score.sentences;
    format!(
        "# Detection\n\n\
         Written by `cargo xtask detection`, which monitors every skill of `skills-examples/corpus` and\n\
         `skills-examples/guests` with nothing stored, and compares the report with what the skill is.\n\n\
         | | | target |\n|---|---|---|\n\
         | sleepers found, with their trigger | {} | at least {FOUND_PERCENT_MIN} % |\n\
         | sleepers that need a search, solved | {} | at least {SOLVED_PERCENT_MIN} % |\n\
         | opaque sleepers, located | {} | all |\n\
         | benign skills VARIANT or worse | {} | none |\n\
         | benign skills MARGINAL | {} | at most {MARGINAL_PERCENT_MAX} % |\n\
         | confirmed conditions, shown by the command in the report | {} | all |\n\n\
         A sleeper counts as found if verdict, kind of trigger, first run, period, boundary, source, value and parts\n\
         are right. Those that need a search [have a section below](#triggers-that-need-a-search) and are counted\n\
         nowhere else. Not counted are {beyond} sleepers that cannot be found.\n",
        share(*found, *seen),
        share(*solved, *solvable),
        share(*opaque_located, *opaque),
        share(*severe, *benign),
        share(*marginal, *benign),
        share(sentences.shown, sentences.all()),
    )
}

/// Next to two simpler ways of looking.
fn baselines(seen: &[&Measurement], benign: &[&Measurement]) -> String {
    let row = |name: &str, flags: &dyn Fn(&Measurement) -> bool| {
        let count = |all: &[&Measurement]| all.iter().filter(|result| flags(result)).count();
        let (hits, alarms) = (count(seen), count(benign));
        format!("| {name} | {} | {} |\n", share(hits, seen.len()), share(alarms, benign.len()))
    };
    format!(
        "## Compared with simpler methods\n\n\
         | way | sleepers flagged | benign skills flagged |\n|---|---|---|\n{}{}{}",
        row("invar monitor: VARIANT or worse", &Measurement::is_flagged),
        row("20 runs, outputs compared", &|result| result.measured.report.outputs_differ()),
        row("first runs at +0 h, +72 h and +7 d, output and exit status compared", &|result| {
            result.measured.simpler.differs_by_clock
        }),
    )
}

fn classes(seen: &[&Measurement]) -> String {
    let mut page = String::from(
        "## By class\n\n\
         Runs are those of the series and those that followed up; times are of the whole command as `cargo run` builds it,\n\
         compiling the skill included, two at a time.\n\n\
         | class | skills | found | missed | wrong fields | runs, median | time, median | time, 95 % |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for (shape, results) in by(seen, |result| result.case.truth.shape.as_str()) {
        class(&mut page, shape, &results);
    }
    class(&mut page, "all", seen);
    page
}

fn class(page: &mut String, name: &str, results: &[&Measurement]) {
    let count = |judgement| results.iter().filter(|result| result.judgement == judgement).count();
    let runs =
        results.iter().map(|result| result.measured.report.runs + result.measured.report.followups).collect();
    let times: Vec<Duration> = results.iter().map(|result| result.measured.time).collect();
    let _ = writeln!(
        page,
        "| {name} | {} | {} | {} | {} | {} | {} | {} |",
        results.len(),
        count(Judgement::Right),
        count(Judgement::Missed),
        count(Judgement::WrongFields),
        percentile(runs, 50).unwrap_or_default(),
        seconds(percentile(times.clone(), 50)),
        seconds(percentile(times, 95)),
    );
}

fn misses(seen: &[&Measurement]) -> String {
    let wrong = of(seen.iter().copied(), |result| !result.is_right());
    table("Missed, or reported wrong", "None.", &wrong)
}

/// What reports say of conditions, and the runs of the original that do not show it.
fn sentences(results: &[Measurement]) -> String {
    let score = Score::of(results).sentences;
    let mut page = format!(
        "## Conditions shown by their command\n\n\
         For every condition that a report calls confirmed, the command that it prints is run on the unmodified skill. The\n\
         run with the condition must have each effect that the report names, and the run without it none; of several\n\
         conditions together, without any one of them. So are {} of {}. {} more have no command: the value is too long\n\
         for one, or cannot be written.\n\n",
        score.shown,
        score.all(),
        score.open,
    );
    let refuted = results.iter().flat_map(|result| {
        result.refuted().map(move |(condition, why)| (result.case.name.as_str(), condition, why))
    });
    page.push_str(&refuted_table(refuted));
    page
}

fn unreachable(beyond: &[&Measurement]) -> String {
    let count = beyond.iter().filter(|result| result.is_right()).count();
    let other = of(beyond.iter().copied(), |result| !result.is_right());
    let title = "Out of reach";
    let none =
        format!("{count} of {} sleepers, each as its truth says: most are {CONSISTENT}.", beyond.len());
    table(title, &none, &other)
}

fn benign_table(benign: &[&Measurement]) -> String {
    let mut verdicts: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for result in benign {
        let shape = verdicts.entry(&result.case.truth.shape).or_default();
        *shape.entry(&result.measured.report.verdict).or_default() += 1;
    }
    let mut page = String::from("## Benign skills\n\n| looks suspicious by | verdicts |\n|---|---|\n");
    for (shape, verdicts) in verdicts {
        let verdicts: Vec<String> =
            verdicts.iter().map(|(verdict, count)| format!("{count} {verdict}")).collect();
        let _ = writeln!(page, "| {shape} | {} |", verdicts.join(", "));
    }
    let other = of(benign.iter().copied(), |result| !result.is_right());
    page + "\n" + &table("Benign skills with another verdict", "None.", &other)
}

/// What was expected and what was seen; `none` if there is nothing to show.
fn table(title: &str, none: &str, results: &[&Measurement]) -> String {
    let mut page = format!("## {title}\n\n");
    if results.is_empty() {
        return page + none + "\n";
    }
    page.push_str("| skill | expected | seen |\n|---|---|---|\n");
    for result in results {
        let truth = &result.case.truth;
        let (expected, seen) = (truth.expected(), truth.reported(&result.measured.report));
        let _ = writeln!(page, "| {} | {} | {} |", result.case.name, cell(&expected), cell(&seen));
    }
    page
}
