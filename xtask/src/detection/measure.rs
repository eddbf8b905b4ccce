//! Runs the monitor, and the simpler ways of looking that it is compared with.

#![expect(clippy::disallowed_methods, reason = "the page tells how long a person waits")]

use std::{
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::Mutex,
    time::{Duration, Instant},
};

use serde::Deserialize;

use super::Case;
use crate::project::{self, Outcome};

/// Skills at a time: more would measure the machine's memory.
const PARALLEL: usize = 2;

/// The start of the world of a lab, three days and a week after it.
const CLOCKS: [&str; 3] = ["2026-01-15T16:00:00Z", "2026-01-18T16:00:00Z", "2026-01-22T16:00:00Z"];

/// The part of `invar-report/1` that is compared.
#[derive(Debug, Deserialize)]
pub(super) struct Report {
    pub(super) verdict: String,
    pub(super) reason: String,
    pub(super) runs: u32,
    pub(super) followups: u32,
    pub(super) triggers: Vec<Trigger>,
    per_run: Vec<Run>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Trigger {
    pub(super) kind: String,
    pub(super) first_run: Option<u32>,
    pub(super) period: Option<u32>,
    pub(super) boundary: Boundary,
    pub(super) source: String,
    pub(super) confidence: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Boundary {
    pub(super) to: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Run {
    output_sha256: String,
}

/// What was measured of one skill.
pub(super) struct Measured {
    /// Of the whole command, compiling included.
    pub(super) time: Duration,
    pub(super) report: Report,
    /// Whether the clock alone changes the output or the exit status of a first run.
    pub(super) differs_by_clock: bool,
}

impl Report {
    /// Whether the outputs of the series are not all the same.
    pub(super) fn outputs_differ(&self) -> bool {
        self.per_run.windows(2).any(|pair| pair[0].output_sha256 != pair[1].output_sha256)
    }

    /// In one line.
    pub(super) fn words(&self) -> String {
        let triggers = self.triggers.iter().take(2).map(|trigger| {
            let number = |name: &str, own: Option<u32>| own.map(|own| format!(", {name} {own}"));
            let boundary = trigger.boundary.to.as_ref().map(|to| format!(", at {to}"));
            let parts = [number("first run", trigger.first_run), number("period", trigger.period), boundary];
            let parts: String = parts.into_iter().flatten().collect();
            format!("; {} {}{parts}, {}", trigger.confidence, trigger.kind, trigger.source)
        });
        format!("{}: {}{}", self.verdict, self.reason, triggers.collect::<String>())
    }
}

/// The `invar` that is measured.
pub(super) struct Binary {
    path: PathBuf,
    has_fresh: bool,
}

impl Binary {
    /// `INVAR_BIN`, or the release build, which is made if it is not there.
    pub(super) fn find() -> Outcome<Self> {
        let path =
            project::variable("INVAR_BIN").map_or(project::path("target/release/invar"), PathBuf::from);
        if !path.exists() {
            build()?;
        }
        let help = output(Command::new(&path).args(["monitor", "--help"]))?;
        Ok(Self { has_fresh: String::from_utf8_lossy(&help.stdout).contains("--fresh"), path })
    }

    /// Measures all of them, in their order.
    pub(super) fn measure(&self, cases: &[Case]) -> Outcome<Vec<Measured>> {
        let queue = Mutex::new(cases.iter().enumerate());
        let next = || queue.lock().ok().and_then(|mut queue| queue.next());
        let work = || std::iter::from_fn(next).map(|(at, case)| (at, self.measure_one(case))).collect();
        let mut done: Vec<(usize, Outcome<Measured>)> = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..PARALLEL).map(|_| scope.spawn(work)).collect();
            workers.into_iter().flat_map(|worker| worker.join().unwrap_or_else(|_| Vec::new())).collect()
        });
        done.sort_by_key(|(at, _)| *at);
        if done.len() < cases.len() {
            return Err("a worker panicked".into());
        }
        done.into_iter().map(|(_, measured)| measured).collect()
    }

    fn measure_one(&self, case: &Case) -> Outcome<Measured> {
        let home = tempfile::tempdir().map_err(|error| error.to_string())?;
        let start = Instant::now();
        let report = self.monitor(&case.directory, home.path())?;
        let time = start.elapsed();
        eprintln!("{}: {}, {} ms", case.name, report.verdict, time.as_millis());
        let runs = CLOCKS.iter().map(|clock| self.run(&case.directory, home.path(), clock));
        let runs = runs.collect::<Outcome<Vec<_>>>()?;
        let differs_by_clock = runs.windows(2).any(|pair| pair[0] != pair[1]);
        Ok(Measured { time, report, differs_by_clock })
    }

    fn monitor(&self, skill: &Path, home: &Path) -> Outcome<Report> {
        let mut command = self.command(home);
        command.arg("monitor").arg(skill).args(["--format", "json", "--keep", "none"]);
        if self.has_fresh {
            command.arg("--fresh");
        }
        let output = output(&mut command)?;
        serde_json::from_slice(&output.stdout).map_err(|error| {
            format!("{}: {error}\n{}", skill.display(), String::from_utf8_lossy(&output.stderr))
        })
    }

    /// Output and exit status of a first run that starts at that time.
    fn run(&self, skill: &Path, home: &Path, clock: &str) -> Outcome<(Vec<u8>, Option<i32>)> {
        let mut command = self.command(home);
        let output = output(command.arg("run").arg(skill).args(["--world", "lab", "--at", clock]))?;
        Ok((output.stdout, output.status.code()))
    }

    /// With a home of its own, so that everything is compiled and nothing is remembered.
    fn command(&self, home: &Path) -> Command {
        let mut command = Command::new(&self.path);
        command.env("INVAR_HOME", home);
        command
    }
}

fn build() -> Outcome {
    let mut command = Command::new(env!("CARGO"));
    command.args(["build", "--release", "--locked", "--package", "invar"]).current_dir(project::path("."));
    let status = command.status().map_err(|error| format!("cargo: {error}"))?;
    status.success().then_some(()).ok_or_else(|| "invar does not build".into())
}

fn output(command: &mut Command) -> Outcome<Output> {
    let program = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null()).output().map_err(|error| format!("{program}: {error}"))
}
