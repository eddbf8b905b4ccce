//! Runs the monitor, and the simpler ways of looking that it is compared with.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::Mutex,
    time::{Duration, Instant},
};

use super::{cases::Case, report::Report, truth::is_severe};
use crate::project::{self, TaskResult};

/// Skills at a time: more would measure the machine's memory.
const PARALLEL: usize = 2;

/// The start of the world of a lab, three days and a week after it.
const CLOCKS: [&str; 3] = ["2026-01-15T16:00:00Z", "2026-01-18T16:00:00Z", "2026-01-22T16:00:00Z"];

/// Monitors, with as much of a search as that has time for.
const MONITOR: &[&str] = &["monitor"];
/// Searches for what sets a skill off, and reports as the monitor does.
const FUZZ: &[&str] = &["fuzz"];
/// What 20 runs show, and one condition at a time.
const WITHOUT_SEARCH: &[&str] = &["monitor", "--search", "none"];
/// Moves counters and clocks on, without looking at what they are compared with.
const FORWARD: &[&str] = &["fuzz", "--search", "forward"];

/// What was measured of one skill.
pub(super) struct MonitorResult {
    /// Of the whole command, compiling included.
    pub(super) time: Duration,
    pub(super) report: Report,
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

/// The `invar` that is measured.
pub(super) struct Binary {
    path: PathBuf,
    has_fresh: bool,
}

impl Binary {
    /// `INVAR_BIN`, or what `cargo run` runs, which is made if it is not there.
    pub(super) fn find() -> TaskResult<Self> {
        let path = project::variable("INVAR_BIN").map_or(project::path("target/debug/invar"), PathBuf::from);
        if !path.exists() {
            build()?;
        }
        let help = output(Command::new(&path).args(["monitor", "--help"]))?;
        Ok(Self { has_fresh: String::from_utf8_lossy(&help.stdout).contains("--fresh"), path })
    }

    /// Measures all of them, in their order; the simpler ways if `simpler`.
    pub(super) fn measure(&self, cases: &[Case], simpler: bool) -> TaskResult<Vec<MonitorResult>> {
        if cases.iter().any(|case| case.truth.needs_search() || !case.truth.turns) {
            self.check_can_fuzz()?;
        }
        // A search uses all cores: alone, it takes the time that a person waits for it.
        let (searched, others): (Vec<usize>, Vec<usize>) =
            (0..cases.len()).partition(|at| simpler && cases[*at].truth.needs_search());
        let mut done = self.measure_some(cases, others, PARALLEL, simpler);
        done.extend(self.measure_some(cases, searched, 1, simpler));
        done.sort_by_key(|(at, _)| *at);
        if done.len() < cases.len() {
            return Err("a worker panicked".into());
        }
        done.into_iter().map(|(_, measured)| measured).collect()
    }

    /// Those at these places, so many at a time. Backwards: what takes longest is at the end, and should not be what
    /// all the others wait for.
    fn measure_some(
        &self,
        cases: &[Case],
        places: Vec<usize>,
        parallel: usize,
        simpler: bool,
    ) -> Vec<(usize, TaskResult<MonitorResult>)> {
        let queue = Mutex::new(places.into_iter().rev());
        let next = || queue.lock().ok().and_then(|mut queue| queue.next());
        let work =
            || std::iter::from_fn(next).map(|at| (at, self.measure_one(&cases[at], simpler))).collect();
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..parallel).map(|_| scope.spawn(work)).collect();
            workers.into_iter().flat_map(|worker| worker.join().unwrap_or_else(|_| Vec::new())).collect()
        })
    }

    fn measure_one(&self, case: &Case, simpler: bool) -> TaskResult<MonitorResult> {
        let home = tempfile::tempdir().map_err(|error| error.to_string())?;
        // What looks furthest is what accuses most.
        let way = if case.truth.needs_search() || !case.truth.turns { FUZZ } else { MONITOR };
        let start = Instant::now();
        let report = self.report(way, &case.directory, home.path())?;
        let time = start.elapsed();
        eprintln!("{}: {}, {} ms", case.name, report.verdict, time.as_millis());
        let simpler = match simpler {
            true => self.simpler(case, home.path())?,
            false => Baselines::default(),
        };
        Ok(MonitorResult { time, report, simpler })
    }

    fn simpler(&self, case: &Case, home: &Path) -> TaskResult<Baselines> {
        if case.truth.needs_search() {
            let is_found =
                |way| self.report(way, &case.directory, home).map(|report| is_severe(&report.verdict));
            let (without_search, forward) = (is_found(WITHOUT_SEARCH)?, is_found(FORWARD)?);
            return Ok(Baselines { without_search, forward, ..Baselines::default() });
        }
        let runs = CLOCKS.iter().map(|clock| self.run(&case.directory, home, clock));
        let runs = runs.collect::<TaskResult<Vec<_>>>()?;
        let differs_by_clock = runs.windows(2).any(|pair| pair[0] != pair[1]);
        Ok(Baselines { differs_by_clock, ..Baselines::default() })
    }

    /// What this way of looking reports.
    fn report(&self, way: &[&str], skill: &Path, home: &Path) -> TaskResult<Report> {
        let mut command = self.command(home);
        command.args(way).arg(skill).args(["--format", "json", "--keep", "none"]);
        if self.has_fresh {
            command.arg("--fresh");
        }
        let output = output(&mut command)?;
        serde_json::from_slice(&output.stdout).map_err(|error| {
            format!("{}: {error}\n{}", skill.display(), String::from_utf8_lossy(&output.stderr))
        })
    }

    /// Output and exit status of a first run that starts at that time.
    fn run(&self, skill: &Path, home: &Path, clock: &str) -> TaskResult<(Vec<u8>, Option<i32>)> {
        let mut command = self.command(home);
        let output = output(command.arg("run").arg(skill).args(["--world", "lab", "--at", clock]))?;
        Ok((output.stdout, output.status.code()))
    }

    /// Says at once what every skill that needs the search would fail with.
    fn check_can_fuzz(&self) -> TaskResult {
        let help = output(Command::new(&self.path).args(FUZZ).arg("--help"))?;
        let absent = || format!("{} has no `fuzz`", self.path.display());
        help.status.success().then_some(()).ok_or_else(absent)
    }

    /// With an empty home, so that everything is compiled and nothing is cached.
    fn command(&self, home: &Path) -> Command {
        let mut command = Command::new(&self.path);
        command.env("INVAR_HOME", home);
        command
    }
}

fn build() -> TaskResult {
    let mut command = Command::new(env!("CARGO"));
    command.args(["build", "--locked", "--bin", "invar"]).current_dir(project::path("."));
    let status = command.status().map_err(|error| format!("cargo: {error}"))?;
    status.success().then_some(()).ok_or_else(|| "invar does not build".into())
}

fn output(command: &mut Command) -> TaskResult<Output> {
    let program = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null()).output().map_err(|error| format!("{program}: {error}"))
}
