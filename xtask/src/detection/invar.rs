//! The `invar` that is measured, with a home for one skill.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::report::Report;
use crate::project::{self, TaskResult};

/// Monitors, with as much of a search as that has time for.
pub(super) const MONITOR: &[&str] = &["monitor"];
/// Searches for what sets a skill off, and reports as the monitor does.
pub(super) const FUZZ: &[&str] = &["fuzz"];

/// What a command may take: a skill that cannot be judged in this time is reported as not judged.
const TIME_MAX: Duration = Duration::from_mins(60);
/// How often is looked whether it has ended.
const POLL: Duration = Duration::from_millis(5);

/// The program.
pub(super) struct Binary {
    path: PathBuf,
    has_fresh: bool,
}

/// The program with an empty home, so that everything is compiled and nothing is cached when it is first used.
pub(super) struct Invar<'a> {
    binary: &'a Binary,
    home: TempDir,
}

/// What a command came to.
pub(super) struct Output {
    pub(super) status: ExitStatus,
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: Vec<u8>,
}

impl Binary {
    /// `INVAR_BIN`, or what `cargo run` runs, which is made if it is not there.
    pub(super) fn find() -> TaskResult<Self> {
        let path = project::variable("INVAR_BIN").map_or(project::path("target/debug/invar"), PathBuf::from);
        if !path.exists() {
            build()?;
        }
        let mut binary = Self { path, has_fresh: false };
        let invar = binary.invar()?;
        let help = invar.output(invar.command().args(["monitor", "--help"]))?;
        binary.has_fresh = String::from_utf8_lossy(&help.stdout).contains("--fresh");
        Ok(binary)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Says at once what every skill that needs the search would fail with.
    pub(super) fn check_can_fuzz(&self) -> TaskResult {
        let invar = self.invar()?;
        let help = invar.output(invar.command().args(FUZZ).arg("--help"))?;
        let absent = || format!("{} has no `fuzz`", self.path.display());
        help.status.success().then_some(()).ok_or_else(absent)
    }

    /// With a home of its own.
    pub(super) fn invar(&self) -> TaskResult<Invar<'_>> {
        let home = tempfile::tempdir().map_err(|error| error.to_string())?;
        Ok(Invar { binary: self, home })
    }
}

impl Invar<'_> {
    pub(super) fn home(&self) -> &Path {
        self.home.path()
    }

    /// What this way of looking reports. The traces that the report speaks of are kept.
    pub(super) fn report(&self, way: &[&str], skill: &Path) -> TaskResult<Report> {
        let mut command = self.command();
        command.args(way).arg(skill).args(["--format", "json", "--keep", "findings"]);
        if self.binary.has_fresh {
            command.arg("--fresh");
        }
        let output = self.output(&mut command)?;
        serde_json::from_slice(&output.stdout).map_err(|error| {
            format!("{}: {error}\n{}", skill.display(), String::from_utf8_lossy(&output.stderr))
        })
    }

    /// Output and exit status of a first run that starts at that time.
    pub(super) fn run(&self, skill: &Path, clock: &str) -> TaskResult<(Vec<u8>, Option<i32>)> {
        let mut command = self.command();
        let output = self.output(command.arg("run").arg(skill).args(["--world", "lab", "--at", clock]))?;
        Ok((output.stdout, output.status.code()))
    }

    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(&self.binary.path);
        command.env("INVAR_HOME", self.home());
        command
    }

    /// Runs a command to its end, or to the end of its time.
    pub(super) fn output(&self, command: &mut Command) -> TaskResult<Output> {
        // Files take any amount at any time; pipes would have to be read meanwhile.
        let file = |name: &str| {
            let path = self.home().join(name);
            fs::File::create(&path).map(|file| (path, file)).map_err(|error| error.to_string())
        };
        let ((out, stdout), (err, stderr)) = (file("stdout")?, file("stderr")?);
        let program = self.binary.path.display();
        let child = command.stdin(Stdio::null()).stdout(stdout).stderr(stderr).spawn();
        let status = wait(child.map_err(|error| format!("{program}: {error}"))?)?;
        let read = |path: &Path| fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
        Ok(Output { status, stdout: read(&out)?, stderr: read(&err)? })
    }
}

fn wait(mut child: Child) -> TaskResult<ExitStatus> {
    let start = Instant::now();
    loop {
        match child.try_wait().map_err(|error| error.to_string())? {
            Some(status) => return Ok(status),
            None if start.elapsed() < TIME_MAX => thread::sleep(POLL),
            None => {
                child.kill().and_then(|()| child.wait()).map_err(|error| error.to_string())?;
                return Err(format!("no end within {} s", TIME_MAX.as_secs()));
            }
        }
    }
}

fn build() -> TaskResult {
    let mut command = Command::new(env!("CARGO"));
    command.args(["build", "--locked", "--bin", "invar"]).current_dir(project::path("."));
    let status = command.status().map_err(|error| format!("cargo: {error}"))?;
    status.success().then_some(()).ok_or_else(|| "invar does not build".into())
}
