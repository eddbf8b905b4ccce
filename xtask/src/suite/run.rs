//! Runs one module in the lab, and replays it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

use super::case::{Case, Outcome};
use crate::project::TaskResult;

/// The world of a module: it sees no directory but those that its case names.
const WORLD: &str = "preopens = []\n";

/// Where modules run.
pub(super) struct Lab {
    invar: PathBuf,
    /// Ledger, cache, world and trace of the runs.
    directory: TempDir,
}

impl Lab {
    /// # Errors
    ///
    /// If its directory cannot be made.
    pub(super) fn new(invar: PathBuf) -> TaskResult<Self> {
        let directory = TempDir::new().map_err(|error| format!("a directory for the runs: {error}"))?;
        let lab = Self { invar, directory };
        fs::write(lab.path("world.toml"), WORLD).map_err(|error| format!("the world: {error}"))?;
        Ok(lab)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Runs a module, and replays its trace. The lab copies its directories, so the suite stays as it is.
    ///
    /// # Errors
    ///
    /// If `invar` cannot be started.
    pub(super) fn run(&self, module: &Path, case: &Case) -> TaskResult<Outcome> {
        let trace = self.path("run.trace");
        let _ = fs::remove_file(&trace);
        let mut command = self.command();
        command.arg("run").arg(module).arg("--world").arg(self.path("world.toml"));
        command.arg("--record").arg(&trace).args(arguments(module, case));
        let output =
            command.output().map_err(|error| format!("cannot run {}: {error}", self.invar.display()))?;
        Ok(Outcome {
            status: output.status.code(),
            stdout: output.stdout,
            stderr: output.stderr,
            replay: self.replay(&trace)?,
        })
    }

    /// Why a trace does not replay bit for bit, if so.
    fn replay(&self, trace: &Path) -> TaskResult<Option<String>> {
        let mut command = self.command();
        let output = command.arg("replay").arg(trace).arg("--check").output();
        let output = output.map_err(|error| format!("cannot replay: {error}"))?;
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text).trim().replace('\n', " / ");
        Ok((!output.status.success()).then_some(text))
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.invar);
        command.env("INVAR_HOME", self.path("home")).stdin(Stdio::null());
        command
    }
}

/// The options of a case.
///
/// Directories of the lab have absolute paths: `d` of the suite is `/d`, and an argument that names it says so. A relative
/// path in a module finds it all the same: it starts from `/`.
fn arguments(module: &Path, case: &Case) -> Vec<String> {
    let beside = |name: &str| module.with_file_name(name).display().to_string();
    let mut arguments = Vec::new();
    for directory in &case.dirs {
        arguments.extend(["--dir".to_owned(), format!("{}::/{directory}", beside(directory))]);
    }
    if let Some(root) = &case.root {
        arguments.extend(["--dir".to_owned(), format!("{}::/", beside(root))]);
    }
    for (name, value) in &case.env {
        arguments.extend(["--env".to_owned(), format!("{name}={value}")]);
    }
    arguments.push("--".to_owned());
    arguments.extend(case.args.iter().map(|argument| match case.dirs.contains(argument) {
        true => format!("/{argument}"),
        false => argument.clone(),
    }));
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_variables_and_arguments_become_options() {
        let case = Case {
            args: vec!["d".into(), "--d".into()],
            env: [("k".to_owned(), "v=\n".to_owned())].into(),
            dirs: vec!["d".into()],
            ..Case::default()
        };
        let options = arguments(Path::new("/suite/a.wasm"), &case);
        assert_eq!(options, ["--dir", "/suite/d::/d", "--env", "k=v=\n", "--", "/d", "--d"]);
        let case = Case { root: Some("d".into()), ..Case::default() };
        assert_eq!(arguments(Path::new("/suite/a.wasm"), &case), ["--dir", "/suite/d::/", "--"]);
    }
}
