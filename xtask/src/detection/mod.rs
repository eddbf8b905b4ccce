//! How much the monitor finds: every skill of the corpus and every guest is monitored, and the report held
//! against what the skill is.

mod cases;
mod command;
mod invar;
mod measure;
mod observed;
mod outside;
mod page;
mod parallel;
mod proof;
mod real;
mod report;
mod score;
mod sentence;
mod trigger;
mod truth;

use std::time::Instant;

pub(crate) use cases::Choice;
pub(crate) use outside::Options as Outside;

use crate::{
    guests,
    project::{self, TaskResult},
};
use cases::{Case, Language};
use invar::Binary;
use measure::Effort;
use score::{Measurement, Score};

const PAGE: &str = "docs/detection.md";

/// Measures all, and writes the page; or fewer, and prints what is reported of them.
pub(crate) fn run(choice: &Choice) -> TaskResult {
    let start = Instant::now();
    let results = measure(choice.cases()?, effort(choice))?;
    eprintln!("{}", Score::of(&results).sentences);
    match choice {
        Choice::All => {
            let old = project::read(PAGE)?;
            project::write(PAGE, &page::with_sections_of(&old, &page::page(&results)))?;
            Score::of(&results).check()
        }
        Choice::Checked => {
            results
                .iter()
                .filter(|result| !result.is_right() || result.refuted().next().is_some())
                .for_each(|result| eprintln!("{}", result.words()));
            eprintln!("{} skills in {} s", results.len(), start.elapsed().as_secs());
            Score::of(&results).check()
        }
        Choice::Componentized([]) => {
            let old = project::read(PAGE)?;
            let section = page::componentized(&results);
            project::write(PAGE, &page::with_section(&old, page::COMPONENTIZED, &section))
        }
        Choice::Named(_) | Choice::Componentized(_) => {
            results.iter().for_each(|result| eprintln!("{}", result.words()));
            let is_right = |result: &&Measurement| result.is_right() && result.refuted().next().is_none();
            let right = results.iter().filter(is_right).count();
            let all = || format!("{right} of {} are reported right", results.len());
            (right == results.len()).then_some(()).ok_or_else(all)
        }
    }
}

fn effort(choice: &Choice) -> Effort {
    match choice {
        Choice::All => Effort::Page,
        Choice::Checked => Effort::Check,
        Choice::Named(_) | Choice::Componentized(_) => Effort::Whole,
    }
}

/// Measures cases that are no part of the project.
pub(crate) fn run_outside(options: &Outside<'_>) -> TaskResult {
    outside::run(options, PAGE)
}

/// Monitors the real programs of these names, and prints what came of them; or all, and writes their section.
pub(crate) fn run_real(names: &[&str]) -> TaskResult {
    let results = real::measure(&Binary::find()?, names)?;
    let section = page::real(&results);
    if names.is_empty() {
        let old = project::read(PAGE)?;
        return project::write(PAGE, &page::with_section(&old, page::REAL, &section));
    }
    eprintln!("{section}");
    Ok(())
}

fn measure(cases: Vec<Case>, effort: Effort) -> TaskResult<Vec<Measurement>> {
    if cases.iter().any(|case| case.language == Language::JavaScript) {
        guests::write()?;
    }
    cases.iter().try_for_each(Case::build)?;
    let measured = measure::measure(&Binary::find()?, &cases, effort)?;
    Ok(cases.into_iter().zip(measured).map(|(case, measured)| Measurement::of(case, measured)).collect())
}
