//! How much the monitor finds: every skill of the corpus is monitored, and the report held against what the
//! skill is.

mod measure;
mod page;
mod truth;

use std::path::PathBuf;

use crate::project::{self, Outcome};
use measure::{Binary, Measured};
use truth::{ACTIVATION, Judgement, MARGINAL, Truth, VARIANT};

const CORPUS: &str = "skills-examples/corpus";
const PAGE: &str = "docs/detection.md";

/// Of the sleepers that can be seen to turn, how many must be found, with what sets them off.
const FOUND_PERCENT_MIN: usize = 95;
/// Of the benign skills, how many may be worth a look.
const MARGINAL_PERCENT_MAX: usize = 10;

/// Measures, and writes the page; or measures only the skills whose name has `filter` in it, and prints theirs.
pub(crate) fn run(filter: Option<&str>) -> Outcome {
    let cases = cases(filter.unwrap_or_default())?;
    let measured = Binary::find()?.measure(&cases)?;
    let results: Vec<Measurement> =
        cases.into_iter().zip(measured).map(|(case, measured)| Measurement::of(case, measured)).collect();
    let page = page::page(&results);
    match filter {
        Some(_) => eprintln!("{page}"),
        None => project::write(PAGE, &page)?,
    }
    Score::of(&results).check()
}

/// A skill of the corpus.
struct Case {
    name: String,
    directory: PathBuf,
    truth: Truth,
}

fn cases(filter: &str) -> Outcome<Vec<Case>> {
    let mut cases = Vec::new();
    for directory in project::list(&project::path(CORPUS))? {
        let name = directory.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !directory.join("skill.toml").exists() || !name.contains(filter) {
            continue;
        }
        let path = format!("{CORPUS}/{name}/truth.toml");
        let truth = Truth::parse(&project::read(&path)?).map_err(|error| format!("{path}: {error}"))?;
        cases.push(Case { name, directory, truth });
    }
    match cases.is_empty() {
        true => Err(format!("no skill of {CORPUS} has {filter:?} in its name")),
        false => Ok(cases),
    }
}

/// A skill with what was measured of it.
struct Measurement {
    case: Case,
    measured: Measured,
    judgement: Judgement,
}

impl Measurement {
    fn of(case: Case, measured: Measured) -> Self {
        let judgement = case.truth.judge(&measured.report);
        Self { case, measured, judgement }
    }

    fn is_right(&self) -> bool {
        self.judgement == Judgement::Right
    }

    fn says(&self, verdict: &str) -> bool {
        self.measured.report.verdict == verdict
    }

    /// Whether it says that an invariant is broken.
    fn is_flagged(&self) -> bool {
        self.says(VARIANT) || self.says(ACTIVATION)
    }
}

/// What all of it comes to.
struct Score {
    /// Sleepers that can be seen to turn.
    reachable: usize,
    found: usize,
    benign: usize,
    false_alarms: usize,
    marginal: usize,
}

impl Score {
    fn of(results: &[Measurement]) -> Self {
        let count = |wanted: &dyn Fn(&Measurement) -> bool| results.iter().filter(|own| wanted(own)).count();
        let benign = |own: &Measurement| !own.case.truth.turns;
        Self {
            reachable: count(&|own| own.case.truth.is_reachable()),
            found: count(&|own| own.case.truth.is_reachable() && own.is_right()),
            benign: count(&benign),
            false_alarms: count(&|own| benign(own) && own.is_flagged()),
            marginal: count(&|own| benign(own) && own.says(MARGINAL)),
        }
    }

    /// Fails below the targets.
    fn check(&self) -> Outcome {
        let Self { reachable, found, benign, false_alarms, marginal } = self;
        let mut short = Vec::new();
        if found * 100 < reachable * FOUND_PERCENT_MIN {
            short.push(format!("{found} of {reachable} found; {FOUND_PERCENT_MIN} % must be"));
        }
        if *false_alarms > 0 {
            short.push(format!("{false_alarms} of {benign} benign skills convicted; none may be"));
        }
        if marginal * 100 > benign * MARGINAL_PERCENT_MAX {
            short.push(format!("{marginal} of {benign} benign MARGINAL; {MARGINAL_PERCENT_MAX} % may be"));
        }
        match short.is_empty() {
            true => Ok(()),
            false => Err(short.join("\n")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MARGINAL, cases};

    #[test]
    fn the_corpus_is_as_large_as_it_should_be_and_every_truth_can_be_read() {
        let cases = cases("").unwrap();
        let benign: Vec<_> = cases.iter().filter(|case| !case.truth.turns).collect();
        assert!(cases.len() - benign.len() >= 84);
        assert!(benign.len() >= 64);
        assert!(benign.iter().filter(|case| case.truth.verdict == MARGINAL).count() <= 5);
    }
}
