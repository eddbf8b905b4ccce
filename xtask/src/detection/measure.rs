//! Runs the monitor, and the simpler ways of looking that it is compared with.

use std::time::{Duration, Instant};

use super::{
    cases::Case,
    invar::{Binary, FUZZ, Invar, MONITOR},
    parallel,
    proof::{Proof, proofs},
    report::Report,
    truth::is_severe,
};
use crate::project::TaskResult;

/// Skills at a time: more would measure the machine's memory.
const PARALLEL: usize = 2;

/// The start of the world of a lab, three days and a week after it.
const CLOCKS: [&str; 3] = ["2026-01-15T16:00:00Z", "2026-01-18T16:00:00Z", "2026-01-22T16:00:00Z"];

/// What 20 runs show, and one condition at a time.
const WITHOUT_SEARCH: &[&str] = &["monitor", "--search", "none"];
/// Moves counters and clocks on, without looking at what they are compared with.
const FORWARD: &[&str] = &["fuzz", "--search", "forward"];

/// The same with three tenths of its budget, for skills that have nothing to be found.
const FUZZ_LESS: &[&str] = &["fuzz", "--budget", "60000"];

/// How much is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effort {
    /// What the page says: the simpler ways of looking, too.
    Page,
    /// As a person would look.
    Whole,
    /// As a check does that has other things to do: skills without a condition are searched with less of a budget, since
    /// it is they that a search takes all of it for.
    Check,
}

/// What was measured of one skill.
pub(super) struct MonitorResult {
    /// Of the whole command, compiling included.
    pub(super) time: Duration,
    pub(super) report: Report,
    /// Of each confirmed trigger, whether runs show it.
    pub(super) proofs: Vec<Proof>,
    pub(super) simpler: Baselines,
}

/// What simpler ways of looking show; nothing where they were not measured.
#[derive(Default)]
pub(super) struct Baselines {
    /// The clock alone changes the output or the exit status of a first run.
    pub(super) differs_by_clock: bool,
    /// Of what needs the search: the monitor reports it without.
    pub(super) without_search: bool,
    /// Of what needs the search: moving on reports it.
    pub(super) forward: bool,
}

/// Measures all of them, in their order.
pub(super) fn measure(binary: &Binary, cases: &[Case], effort: Effort) -> TaskResult<Vec<MonitorResult>> {
    if cases.iter().any(|case| case.truth.needs_search() || !case.truth.turns) {
        binary.check_can_fuzz()?;
    }
    // A search uses all cores: alone, it takes the time that a person waits for it.
    let (searched, others): (Vec<usize>, Vec<usize>) =
        (0..cases.len()).partition(|at| effort == Effort::Page && cases[*at].truth.needs_search());
    let one = |case: &Case| measure_one(binary, case, effort);
    let mut done = parallel::each(cases, others, PARALLEL, one)?;
    done.extend(parallel::each(cases, searched, 1, one)?);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, measured)| measured).collect()
}

fn measure_one(binary: &Binary, case: &Case, effort: Effort) -> TaskResult<MonitorResult> {
    let invar = binary.invar()?;
    // What looks furthest is what accuses most.
    let way = match (case.truth.turns, effort) {
        (false, Effort::Check) => FUZZ_LESS,
        (false, _) => FUZZ,
        (true, _) if case.truth.needs_search() => FUZZ,
        (true, _) => MONITOR,
    };
    let start = Instant::now();
    let report = invar.report(way, &case.directory)?;
    let time = start.elapsed();
    eprintln!("{}: {}, {} ms", case.name, report.verdict, time.as_millis());
    let proofs = proofs(&invar, &report)?;
    let simpler = match effort {
        Effort::Page => baselines(&invar, case)?,
        Effort::Whole | Effort::Check => Baselines::default(),
    };
    Ok(MonitorResult { time, report, proofs, simpler })
}

fn baselines(invar: &Invar<'_>, case: &Case) -> TaskResult<Baselines> {
    if case.truth.needs_search() {
        let is_found = |way| invar.report(way, &case.directory).map(|report| is_severe(&report.verdict));
        let (without_search, forward) = (is_found(WITHOUT_SEARCH)?, is_found(FORWARD)?);
        return Ok(Baselines { without_search, forward, ..Baselines::default() });
    }
    let runs = CLOCKS.iter().map(|clock| invar.run(&case.directory, clock));
    let runs = runs.collect::<TaskResult<Vec<_>>>()?;
    let differs_by_clock = runs.windows(2).any(|pair| pair[0] != pair[1]);
    Ok(Baselines { differs_by_clock, ..Baselines::default() })
}
