//! What a module of the suite is given, and what must come of it: the JSON file beside it.

use std::{collections::BTreeMap, io::ErrorKind, path::Path};

use serde::Deserialize;

use crate::project::TaskResult;

/// The file beside a module. Without one, every field has its default.
///
/// An unknown field is an error: a test that is run without what it asks for would count as passed.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Case {
    /// Arguments after the name of the module.
    pub(super) args: Vec<String>,
    pub(super) env: BTreeMap<String, String>,
    /// Directories beside the module, which it sees by these names.
    pub(super) dirs: Vec<String>,
    /// A directory beside the module, which it sees as `/`.
    pub(super) root: Option<String>,
    pub(super) exit_code: i32,
    /// Looked at only if it is there.
    pub(super) stdout: Option<String>,
    pub(super) stderr: Option<String>,
    /// The functions that the test is about. Nothing depends on it.
    #[serde(rename = "wasi_functions")]
    pub(super) _functions: Vec<String>,
}

/// What a run came to.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// None if a signal ended the process.
    pub(super) status: Option<i32>,
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: Vec<u8>,
    /// Why the trace does not replay bit for bit, if so.
    pub(super) replay: Option<String>,
}

impl Case {
    /// The case of a module.
    ///
    /// # Errors
    ///
    /// If its file cannot be read, or says something unknown.
    pub(super) fn read(module: &Path) -> TaskResult<Self> {
        let path = module.with_extension("json");
        match std::fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text).map_err(|error| format!("{}: {error}", path.display())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(format!("cannot read {}: {error}", path.display())),
        }
    }

    fn parse(text: &str) -> TaskResult<Self> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    /// What is not as it should be.
    pub(super) fn failures(&self, outcome: &Outcome) -> Vec<String> {
        let mut failures = Vec::new();
        if outcome.status != Some(self.exit_code) {
            let status = outcome.status.map_or_else(|| "by a signal".to_owned(), |status| status.to_string());
            let shown = String::from_utf8_lossy(&outcome.stderr).trim().replace('\n', " / ");
            failures.push(format!("status {status}, not {} ({shown})", self.exit_code));
        }
        for (name, wanted, got) in
            [("output", &self.stdout, &outcome.stdout), ("error output", &self.stderr, &outcome.stderr)]
        {
            if let Some(wanted) = wanted
                && wanted.as_bytes() != got
            {
                failures.push(format!("{name} {:?}, not {wanted:?}", String::from_utf8_lossy(got)));
            }
        }
        failures.extend(outcome.replay.iter().map(|reason| format!("replay: {reason}")));
        failures
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_the_specification_is_read() {
        let text = r#"{ "args": ["a", "b c"], "env": { "k": "v\n" }, "dirs": ["d"], "exit_code": 33,
            "stdout": "out", "stderr": "err", "wasi_functions": ["fd_read"] }"#;
        let case = Case::parse(text).unwrap();
        assert_eq!((case.args, case.dirs), (vec!["a".to_owned(), "b c".into()], vec!["d".to_owned()]));
        assert_eq!(case.env.into_iter().collect::<Vec<_>>(), [("k".to_owned(), "v\n".to_owned())]);
        assert_eq!((case.exit_code, case.root), (33, None));
        assert_eq!((case.stdout.as_deref(), case.stderr.as_deref()), (Some("out"), Some("err")));
        assert_eq!(Case::parse(r#"{ "root": "d" }"#).unwrap().root.as_deref(), Some("d"));
    }

    #[test]
    fn without_a_file_or_a_field_there_is_a_default() {
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(Case::read(&directory.path().join("a.wasm")), Ok(Case::default()));
        assert_eq!(Case::parse("{}"), Ok(Case::default()));
    }

    #[test]
    fn what_is_not_understood_is_not_left_out() {
        assert!(Case::parse(r#"{ "operations": [] }"#).unwrap_err().contains("operations"));
        assert!(Case::parse(r#"{ "exit_code": "0" }"#).is_err());
        assert!(Case::parse("").is_err());
    }

    #[test]
    fn status_outputs_and_replay_are_compared() {
        let outcome = |status, stdout: &str, stderr: &str| Outcome {
            status,
            stdout: stdout.into(),
            stderr: stderr.into(),
            replay: None,
        };
        let case = Case::parse(r#"{ "exit_code": 1, "stdout": "x" }"#).unwrap();
        assert!(case.failures(&outcome(Some(1), "x", "anything")).is_empty());
        assert_eq!(case.failures(&outcome(Some(0), "x", "a\nb\n")), ["status 0, not 1 (a / b)"]);
        assert_eq!(case.failures(&outcome(None, "x", "")), ["status by a signal, not 1 ()"]);
        assert_eq!(case.failures(&outcome(Some(1), "x\n", "")), [r#"output "x\n", not "x""#]);
        let strict = Case::parse(r#"{ "stderr": "" }"#).unwrap();
        assert_eq!(strict.failures(&outcome(Some(0), "x", "e")), [r#"error output "e", not """#]);
        let replayed = Outcome { replay: Some("differs".into()), ..outcome(Some(1), "x", "") };
        assert_eq!(case.failures(&replayed), ["replay: differs"]);
    }
}
