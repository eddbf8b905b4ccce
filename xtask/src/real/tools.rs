//! What fetching, building and running need.

use std::{path::PathBuf, process::Command};

use crate::project::{self, TaskResult};

/// The package that runs the programs beside us, as PyPI names it.
const WASMTIME: &str = "wasmtime==48.0.0";

pub(super) struct Tools {
    /// The `invar` that is compared.
    pub(super) invar: PathBuf,
    /// A Python with wasmtime.
    pub(super) python: PathBuf,
    /// A directory without files.
    pub(super) empty: PathBuf,
    /// The ledger and the cache of the runs.
    pub(super) home: PathBuf,
}

impl Tools {
    /// Finds or builds `invar`, and installs wasmtime.
    ///
    /// # Errors
    ///
    /// If a tool is missing.
    pub(super) fn ready() -> TaskResult<Self> {
        let root = project::path("target/real");
        let tools = Self {
            invar: invar()?,
            python: root.join("python/bin/python3"),
            empty: root.join("empty"),
            home: root.join("home"),
        };
        std::fs::create_dir_all(&tools.empty).map_err(|error| format!("target/real/empty: {error}"))?;
        if !tools.python.exists() {
            succeed(Command::new("python3").args(["-m", "venv"]).arg(root.join("python")))?;
        }
        let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", WASMTIME];
        succeed(Command::new(&tools.python).args(install))?;
        Ok(tools)
    }

    /// What measures, and on which day.
    ///
    /// # Errors
    ///
    /// If it does not say its version.
    pub(super) fn measured(&self) -> TaskResult<String> {
        let version = line(Command::new(&self.invar).arg("--version"))?;
        Ok(format!("{version} on {}", line(Command::new("date").args(["-u", "+%F"]))?))
    }
}

/// The `invar` that INVAR_BIN names, else the one of this build.
///
/// # Errors
///
/// If it cannot be built.
pub(crate) fn invar() -> TaskResult<PathBuf> {
    if let Some(named) = project::variable("INVAR_BIN") {
        return Ok(named.into());
    }
    let mut build = Command::new("cargo");
    build.args(["build", "--locked", "--bin", "invar"]).current_dir(project::path("."));
    succeed(&mut build)?;
    Ok(project::path("target/debug/invar"))
}

/// The first line that a command writes.
fn line(command: &mut Command) -> TaskResult<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("cannot run {name}: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().next().filter(|line| output.status.success() && !line.is_empty());
    line.map(str::to_owned).ok_or_else(|| format!("{name} says nothing"))
}

/// Runs a command to its end.
///
/// # Errors
///
/// With the end of what it wrote to standard error, if it fails.
pub(crate) fn succeed(command: &mut Command) -> TaskResult {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("cannot run {name}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = text.lines().filter(|line| line.contains("error")).take(3).collect();
    let lines = if lines.is_empty() { text.lines().rev().take(3).collect() } else { lines };
    Err(format!("{name} failed: {}", lines.join("; ")))
}
