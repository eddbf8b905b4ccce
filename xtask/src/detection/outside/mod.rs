//! Cases that are no part of the project: a directory of built skills, with a table that says what each is.

mod csv;
mod list;
mod page;
mod result;

use std::{path::Path, time::Instant};

use self::{
    list::OutsideCase,
    result::{Looked, OutsideResult},
};
use super::{
    invar::{Binary, FUZZ, MONITOR},
    page as whole, parallel,
    proof::{proofs, tally},
};
use crate::project::{self, TaskResult};

/// Cases at a time: as for the corpus.
const PARALLEL: usize = 2;

/// Which cases are measured, and how.
pub(crate) struct Options<'a> {
    /// Where they are, with their `cases.csv`.
    pub(crate) directory: &'a Path,
    /// By `invar monitor`, too.
    pub(crate) monitor: bool,
    /// Those whose names begin with one of these; all without any.
    pub(crate) names: &'a [&'a str],
}

/// Measures them. If all of them were, their section of the page is written.
pub(crate) fn run(options: &Options<'_>, page_path: &str) -> TaskResult {
    let listed = list::cases(options.directory)?;
    let (built, absent): (Vec<OutsideCase>, Vec<OutsideCase>) = listed
        .into_iter()
        .filter(|case| {
            options.names.is_empty() || options.names.iter().any(|name| case.name.starts_with(name))
        })
        .partition(OutsideCase::is_built);
    absent.iter().for_each(|case| eprintln!("{}: not built", case.name));
    if built.is_empty() {
        return Err(format!("nothing to measure in {}", options.directory.display()));
    }
    let results = measure(built, options.monitor)?;
    results.iter().for_each(|result| eprintln!("{}", result.words()));
    let proofs = results.iter().flat_map(|result| &result.fuzzed.proofs);
    eprintln!("{}{}", page::summary(&results), tally(proofs));
    if options.names.is_empty() {
        let old = project::read(page_path)?;
        let section = page::section(&results, absent.len());
        project::write(page_path, &whole::with_section(&old, whole::OUTSIDE, &section))?;
    }
    Ok(())
}

fn measure(cases: Vec<OutsideCase>, monitor: bool) -> TaskResult<Vec<OutsideResult>> {
    let binary = Binary::find()?;
    binary.check_can_fuzz()?;
    let one = |case: &OutsideCase| -> TaskResult<(Looked, Option<Looked>)> {
        let fuzzed = look(&binary, FUZZ, case)?;
        let monitored = if monitor { Some(look(&binary, MONITOR, case)?) } else { None };
        eprintln!("{}: {}, {} ms", case.name, fuzzed.verdict(), fuzzed.time.as_millis());
        Ok((fuzzed, monitored))
    };
    let mut done = parallel::each(&cases, (0..cases.len()).collect(), PARALLEL, one)?;
    done.sort_by_key(|(at, _)| *at);
    cases
        .into_iter()
        .zip(done)
        .map(|(case, (_, looked))| {
            looked.map(|(fuzzed, monitored)| OutsideResult { case, fuzzed, monitored })
        })
        .collect()
}

/// What one way of looking reports of a case. A case may be one that has no report: that is a result.
fn look(binary: &Binary, way: &[&str], case: &OutsideCase) -> TaskResult<Looked> {
    let invar = binary.invar()?;
    let start = Instant::now();
    let report = invar.report(way, &case.directory);
    let time = start.elapsed();
    let proofs = match &report {
        Ok(report) => proofs(&invar, report)?,
        Err(_) => Vec::new(),
    };
    Ok(Looked { time, report, proofs })
}
