//! The command line.

use std::{path::PathBuf, process::Command};

use tempfile::TempDir;

use super::project;

/// A separate installation, in a temporary directory.
pub(crate) struct Invar {
    home: TempDir,
}

/// What a command came to.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Invar {
    pub(crate) fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    /// A path for a file of the test's.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Writes a file of the test's.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path.display().to_string()
    }

    /// Runs it in the project's directory. A word beginning with `@` names an example.
    pub(crate) fn run(&self, words: &[&str]) -> Output {
        let words: Vec<String> = words
            .iter()
            .map(|word| match word.strip_prefix('@') {
                Some(example) => format!("skills-examples/{example}"),
                None => (*word).to_owned(),
            })
            .collect();
        let output = Command::new(env!("CARGO_BIN_EXE_invar-under-test"))
            .args(&words)
            .current_dir(project(""))
            .env("INVAR_HOME", self.home.path())
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE")
            .output()
            .unwrap();
        Output {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Runs a command line as a report prints it.
    pub(crate) fn paste(&self, line: &str) -> Output {
        let line = line.trim().strip_prefix("invar ").unwrap();
        let script = format!("\"$INVAR\" {line}");
        let output = Command::new("sh")
            .args(["-c", &script])
            .current_dir(project(""))
            .env("INVAR", env!("CARGO_BIN_EXE_invar-under-test"))
            .env("INVAR_HOME", self.home.path())
            .output()
            .unwrap();
        Output {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Output {
    /// The answer, which must have come with that code.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.stdout))
    }
}
