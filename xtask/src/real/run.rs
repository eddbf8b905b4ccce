//! One command line, here and in wasmtime.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
};

use serde::Deserialize;

use super::{
    program::{Line, Program},
    tools::Tools,
    written::{self, Files},
};
use crate::project::{self, TaskResult};

/// Runs that are measured, after one that is not: it compiles.
const MEASURED_RUNS: usize = 2;

/// What came of a run.
pub(super) struct Outcome {
    pub(super) cost: Cost,
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: Vec<u8>,
    /// What the directory of the program holds afterwards.
    pub(super) files: Files,
}

/// How a run ended, and what it took.
#[derive(Deserialize, Clone)]
pub(super) struct Cost {
    /// A number, or "trap".
    pub(super) status: serde_json::Value,
    pub(super) seconds: f64,
    pub(super) peak_kib: u64,
}

/// A command line with its files in place.
pub(super) struct Prepared<'a> {
    program: &'a Program,
    line: &'a Line,
    pub(super) directory: PathBuf,
    pub(super) files: Files,
}

impl<'a> Prepared<'a> {
    /// Reads what the line needs, and makes a fresh directory for its runs.
    ///
    /// # Errors
    ///
    /// If the archive has no such file.
    pub(super) fn new(program: &'a Program, line: &'a Line, number: usize) -> TaskResult<Self> {
        let directory = program.directory().join(format!("line-{number}"));
        let _ = fs::remove_dir_all(&directory);
        let source = program.directory().join("source");
        let mut files: Files =
            line.files.iter().map(|(name, text)| (name.clone(), text.clone().into_bytes())).collect();
        for (name, path) in &line.copies {
            files.insert(name.clone(), read(&source.join(path))?);
        }
        let stdin = match &line.stdin_copy {
            Some(path) => read(&source.join(path))?,
            None => line.stdin.clone().into_bytes(),
        };
        write(&directory.join("stdin"), &stdin)?;
        Ok(Self { program, line, directory, files })
    }

    /// Runs it in the lab. The trace is of the last run.
    ///
    /// # Errors
    ///
    /// If it cannot be run at all.
    pub(super) fn in_lab(&self, tools: &Tools) -> TaskResult<Outcome> {
        let work = self.work("lab")?;
        let run = || {
            let mut command = Command::new(&tools.python);
            command.arg(project::path("xtask/real/measure.py")).arg(self.report()).arg(&tools.invar);
            command.arg("run").arg(self.program.wasm()).args(["--world", "lab", "--dir"]);
            command.arg(format!("{}::/w", work.display())).arg("--record").arg(self.trace());
            command.arg("--input").arg(self.directory.join("stdin"));
            command.arg("--").args(&self.line.args).env("INVAR_HOME", &tools.home);
            command
        };
        let mut outcome = self.outcome("lab", run)?;
        outcome.files = written::files(&self.events(tools)?, self.files.clone())?;
        Ok(outcome)
    }

    /// Runs it in wasmtime.
    ///
    /// # Errors
    ///
    /// If it cannot be run at all.
    pub(super) fn in_wasmtime(&self, tools: &Tools) -> TaskResult<Outcome> {
        let work = self.directory.join("wasmtime");
        let run = || {
            let mut command = Command::new(&tools.python);
            command.arg(project::path("xtask/real/oracle.py")).arg(self.report());
            command.arg(self.program.directory().join("compiled")).arg(self.program.wasm());
            command.arg(&work).arg(&tools.empty).args(&self.line.args);
            command
        };
        let mut outcome = self.outcome("wasmtime", run)?;
        for (name, content) in tree(&work, "")? {
            outcome.files.insert(name, content);
        }
        Ok(outcome)
    }

    /// Replays the last run in the lab: none if it is exact, else the reason.
    ///
    /// # Errors
    ///
    /// If there is no `invar`.
    pub(super) fn replay(&self, tools: &Tools) -> TaskResult<Option<String>> {
        let mut command = Command::new(&tools.invar);
        command.arg("replay").arg(self.trace()).arg("--check").env("INVAR_HOME", &tools.home);
        let output = command.output().map_err(|error| format!("cannot replay: {error}"))?;
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text).trim().to_owned();
        Ok((!output.status.success()).then_some(text))
    }

    /// Runs a command some times, in a fresh directory each: what it did, and the least that it took.
    fn outcome(&self, name: &str, run: impl Fn() -> Command) -> TaskResult<Outcome> {
        let [stdout, stderr] = ["stdout", "stderr"].map(|end| self.directory.join(format!("{name}.{end}")));
        let mut best: Option<Cost> = None;
        for _ in 0..=MEASURED_RUNS {
            self.work(name)?;
            let _ = fs::remove_file(self.report());
            let mut command = run();
            command.stdin(open(&self.directory.join("stdin"))?);
            command.stdout(create(&stdout)?).stderr(create(&stderr)?);
            command.status().map_err(|error| format!("{name}: {error}"))?;
            let report = read(&self.report())
                .map_err(|_| String::from_utf8_lossy(&read(&stderr).unwrap_or_default()).into_owned())?;
            let cost: Cost = serde_json::from_slice(&report).map_err(|error| format!("{name}: {error}"))?;
            best = Some(match best {
                // The first run compiles.
                None => Cost { seconds: f64::INFINITY, peak_kib: u64::MAX, ..cost },
                Some(best) => Cost {
                    status: cost.status,
                    seconds: best.seconds.min(cost.seconds),
                    peak_kib: best.peak_kib.min(cost.peak_kib),
                },
            });
        }
        let cost = best.ok_or("nothing was run")?;
        Ok(Outcome { cost, stdout: read(&stdout)?, stderr: read(&stderr)?, files: Files::new() })
    }

    /// A directory with the files of the line.
    pub(super) fn work(&self, name: &str) -> TaskResult<PathBuf> {
        let work = self.directory.join(name);
        let _ = fs::remove_dir_all(&work);
        fs::create_dir_all(&work).map_err(|error| format!("{}: {error}", work.display()))?;
        for (name, content) in &self.files {
            write(&work.join(name), content)?;
        }
        Ok(work)
    }

    /// The host calls of the last run in the lab.
    fn events(&self, tools: &Tools) -> TaskResult<Vec<serde_json::Value>> {
        let mut command = Command::new(&tools.invar);
        command.arg("trace").arg(self.trace()).args(["--format", "json"]).env("INVAR_HOME", &tools.home);
        let output = command.output().map_err(|error| format!("cannot read the trace: {error}"))?;
        serde_json::from_slice(&output.stdout).map_err(|error| format!("the calls of the trace: {error}"))
    }

    fn report(&self) -> PathBuf {
        self.directory.join("report.json")
    }

    fn trace(&self) -> PathBuf {
        self.directory.join("run.trace")
    }
}

/// Every file below a directory.
fn tree(directory: &Path, prefix: &str) -> TaskResult<Files> {
    let mut files = Files::new();
    for path in project::list(directory)? {
        let name = format!("{prefix}{}", path.file_name().unwrap_or_default().to_string_lossy());
        if path.is_dir() {
            files.extend(tree(&path, &format!("{name}/"))?);
        } else {
            files.insert(name, read(&path)?);
        }
    }
    Ok(files)
}

pub(super) fn read(path: &Path) -> TaskResult<Vec<u8>> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

pub(super) fn write(path: &Path, bytes: &[u8]) -> TaskResult {
    let written = fs::create_dir_all(path.parent().unwrap_or(path)).and_then(|()| fs::write(path, bytes));
    written.map_err(|error| format!("{}: {error}", path.display()))
}

fn open(path: &Path) -> TaskResult<File> {
    File::open(path).map_err(|error| format!("{}: {error}", path.display()))
}

pub(super) fn create(path: &Path) -> TaskResult<File> {
    File::create(path).map_err(|error| format!("{}: {error}", path.display()))
}
