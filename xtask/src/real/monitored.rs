//! Command lines in `invar monitor`, each with the envelope that its user would write for it.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde::Deserialize;

use super::{
    build, page,
    program::{self, Line, Program},
    run::{self, Prepared},
};
use crate::project::{self, TaskResult};

/// Reports of a line: after the first, compiled code is cached.
const REPORTS: usize = 2;

/// What came of a command line.
pub(crate) struct MonitoredLine {
    /// Name of the program.
    pub(crate) program: String,
    /// The line as Markdown.
    pub(crate) command: String,
    /// Size of what runs.
    pub(crate) component_bytes: usize,
    /// One for each report, in their order; or why there are none.
    pub(crate) runs: TaskResult<Vec<MonitoredRun>>,
}

/// What `measure.py` measured.
#[derive(Deserialize)]
struct Measured {
    /// A number, or "trap".
    status: serde_json::Value,
    seconds: f64,
    cpu_seconds: f64,
    peak_kib: u64,
}

/// One `invar monitor`.
pub(crate) struct MonitoredRun {
    /// The report, as JSON.
    pub(crate) report: Vec<u8>,
    /// Of the whole command.
    pub(crate) seconds: f64,
    /// Of all cores, compiling included.
    pub(crate) cpu_seconds: f64,
    /// Peak resident memory of the process, or of its compiler process if that is larger, as `wait4` gives it.
    pub(crate) peak_kib: u64,
}

/// Monitors every command line of these programs, or of all without a name, one after the other.
///
/// # Errors
///
/// If there is no such program, or one cannot be built.
pub(crate) fn monitor(invar: &Path, names: &[&str], mut each: impl FnMut(MonitoredLine)) -> TaskResult {
    let programs = program::all()?;
    let chosen = if names.is_empty() { programs.iter().collect() } else { program::named(&programs, names)? };
    for program in chosen {
        let component_bytes = build::build(program)?.len();
        for (number, line) in program.line.iter().enumerate() {
            each(MonitoredLine {
                program: program.name.clone(),
                command: page::command(program, line),
                component_bytes,
                runs: runs(invar, program, line, number),
            });
        }
    }
    Ok(())
}

fn runs(invar: &Path, program: &Program, line: &Line, number: usize) -> TaskResult<Vec<MonitoredRun>> {
    let prepared = Prepared::new(program, line, number)?;
    let work = prepared.work("monitored")?;
    let place = Place { invar, program, line, directory: &prepared.directory, work };
    let envelope = place.learn()?;
    (0..REPORTS).map(|_| place.monitor(&envelope)).collect()
}

/// Where a line is monitored.
struct Place<'a> {
    invar: &'a Path,
    program: &'a Program,
    line: &'a Line,
    directory: &'a Path,
    /// What the program sees as `/w`.
    work: PathBuf,
}

impl Place<'_> {
    /// The envelope that `invar envelope learn` prints for this line, in a file.
    fn learn(&self) -> TaskResult<PathBuf> {
        let mut command = Command::new(self.invar);
        command.args(["envelope", "learn"]).arg(self.program.wasm());
        let output = self.with_line(&mut command).output();
        let output = output.map_err(|error| format!("envelope learn: {error}"))?;
        if !output.status.success() {
            return Err(format!("envelope learn: {}", last_line(&output.stderr)));
        }
        let path = self.directory.join("envelope.toml");
        run::write(&path, &output.stdout)?;
        Ok(path)
    }

    fn monitor(&self, envelope: &Path) -> TaskResult<MonitoredRun> {
        let [path, stdout, stderr] =
            ["measured.json", "monitor.stdout", "monitor.stderr"].map(|name| self.directory.join(name));
        let mut command = Command::new("python3");
        command.arg(project::path("xtask/real/measure.py")).arg(&path).arg(self.invar);
        command.arg("monitor").arg(self.program.wasm()).arg("--envelope").arg(envelope);
        command.args(["--fresh", "--format", "json"]);
        self.with_line(&mut command).stdout(run::create(&stdout)?).stderr(run::create(&stderr)?);
        command.status().map_err(|error| format!("python3: {error}"))?;
        let measured: Measured = serde_json::from_slice(&run::read(&path)?)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        let report = run::read(&stdout)?;
        if report.is_empty() {
            return Err(format!("status {}: {}", measured.status, last_line(&run::read(&stderr)?)));
        }
        Ok(MonitoredRun {
            report,
            seconds: measured.seconds,
            cpu_seconds: measured.cpu_seconds,
            peak_kib: measured.peak_kib,
        })
    }

    /// The command on this line's input, directory and arguments.
    fn with_line<'b>(&self, command: &'b mut Command) -> &'b mut Command {
        command.arg("--input").arg(self.directory.join("stdin"));
        command.arg("--dir").arg(format!("{}::/w", self.work.display()));
        command.arg("--").args(&self.line.args);
        command.stdin(Stdio::null()).env("INVAR_HOME", project::path("target/real/home"))
    }
}

/// The last line that a command wrote.
fn last_line(text: &[u8]) -> String {
    String::from_utf8_lossy(text).lines().last().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::last_line;

    #[test]
    fn the_reason_for_a_failure_is_the_last_line() {
        assert_eq!(last_line(b"progress\nerror: no such file\n"), "error: no such file");
        assert_eq!(last_line(b""), "");
    }
}
