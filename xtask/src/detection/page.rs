//! The page of detection.

mod search;

use std::{collections::BTreeMap, fmt::Write as _, time::Duration};

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
        unreachable(&beyond),
        benign_table(&benign),
    ]
    .join("\n")
}

fn summary(score: &Score, beyond: usize) -> String {
    let Score { seen, found, solvable, solved, opaque, opaque_located, benign, severe, marginal, .. } = score;
    format!(
        "# Detection\n\n\
         Written by `cargo xtask detection`, which monitors every skill of `skills-examples/corpus` and\n\
         `skills-examples/guests` with nothing stored, and compares the report with what the skill is.\n\n\
         | | | target |\n|---|---|---|\n\
         | sleepers found, with their trigger | {} | at least {FOUND_PERCENT_MIN} % |\n\
         | sleepers that need a search, solved | {} | at least {SOLVED_PERCENT_MIN} % |\n\
         | opaque sleepers, located | {} | all |\n\
         | benign skills VARIANT or worse | {} | none |\n\
         | benign skills MARGINAL | {} | at most {MARGINAL_PERCENT_MAX} % |\n\n\
         A sleeper counts as found if verdict, kind of trigger, first run, period, boundary, source, value and parts\n\
         are right. Those that need a search [have a section below](#triggers-that-need-a-search) and are counted\n\
         nowhere else. Not counted are {beyond} sleepers that cannot be found.\n",
        share(*found, *seen),
        share(*solved, *solvable),
        share(*opaque_located, *opaque),
        share(*severe, *benign),
        share(*marginal, *benign),
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

/// A text as a cell of a table shows it: nothing in it is Markdown.
fn cell(text: &str) -> String {
    let mut cell = String::new();
    for character in text.chars() {
        if "\\`*_<>|[]".contains(character) {
            cell.push('\\');
        }
        cell.push(if character.is_control() { ' ' } else { character });
    }
    cell
}

/// In groups, ordered by what they are grouped by.
fn by<'a, K: Ord>(
    results: &[&'a Measurement],
    key: impl Fn(&'a Measurement) -> K,
) -> BTreeMap<K, Vec<&'a Measurement>> {
    let mut groups: BTreeMap<K, Vec<&Measurement>> = BTreeMap::new();
    for result in results {
        groups.entry(key(result)).or_default().push(result);
    }
    groups
}

fn of<'a>(
    results: impl IntoIterator<Item = &'a Measurement>,
    wanted: impl Fn(&Measurement) -> bool,
) -> Vec<&'a Measurement> {
    results.into_iter().filter(|result| wanted(result)).collect()
}

fn share(part: usize, whole: usize) -> String {
    // Rounded down: 99.6 % are not all.
    match (part * 100).checked_div(whole) {
        Some(percent) => format!("{part} of {whole} ({percent} %)"),
        None => "none to count".into(),
    }
}

fn seconds(time: Option<Duration>) -> String {
    time.map_or_else(|| "–".into(), |time| format!("{:.2} s", time.as_secs_f64()))
}

/// The smallest value that is not below that percentage of all; none of nothing.
fn percentile<T: Ord + Copy>(mut values: Vec<T>, percent: usize) -> Option<T> {
    values.sort_unstable();
    let rank = (values.len() * percent).div_ceil(100);
    values.get(rank.saturating_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use super::{cell, percentile, share};

    #[test]
    fn a_cell_shows_what_was_written() {
        assert_eq!(cell("*T03|<b>\n`x_y`"), "\\*T03\\|\\<b\\> \\`x\\_y\\`");
    }

    #[test]
    fn percentiles_are_values_that_were_measured() {
        assert_eq!(percentile(vec![4, 1, 3, 2], 50), Some(2));
        assert_eq!(percentile((1..=100).collect(), 95), Some(95));
        assert_eq!(percentile(vec![7], 95), Some(7));
        assert_eq!(percentile(Vec::<u32>::new(), 50), None);
    }

    #[test]
    fn a_share_is_never_rounded_up() {
        assert_eq!(share(199, 200), "199 of 200 (99 %)");
        assert_eq!(share(0, 0), "none to count");
    }
}
