//! The table of programs.

use std::{collections::BTreeMap, path::PathBuf};

use serde::Deserialize;

use crate::project::{self, TaskResult};

pub(super) const TABLE: &str = "xtask/real/programs.toml";
/// Each program has at least so many command lines.
const LINES_MIN: usize = 3;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    program: Vec<Program>,
}

/// A program, where it comes from, how it is built and how it is run.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Program {
    /// The name of the component, and of the program in its arguments.
    pub(super) name: String,
    pub(super) version: String,
    pub(super) from: Origin,
    /// Where the archive is.
    pub(super) url: String,
    /// Digest of the archive, in hexadecimal.
    pub(super) sha256: String,
    /// Shell script that makes `$OUT` in the unpacked archive.
    pub(super) build: String,
    /// Why it does not build or differs, if that is known.
    pub(super) known: Option<String>,
    pub(super) line: Vec<Line>,
}

/// Who publishes a program.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Origin {
    Debian,
    #[serde(rename = "crates.io")]
    Crates,
    Pypi,
    Npm,
}

/// A command line. The program sees `files` and `copies` in the directory `/w`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    pub(super) args: Vec<String>,
    /// Standard input.
    #[serde(default)]
    pub(super) stdin: String,
    /// A file of the archive as standard input, instead.
    pub(super) stdin_copy: Option<String>,
    /// Text by name.
    #[serde(default)]
    pub(super) files: BTreeMap<String, String>,
    /// Files of the archive by name.
    #[serde(default)]
    pub(super) copies: BTreeMap<String, String>,
}

impl Origin {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Debian => "Debian",
            Self::Crates => "crates.io",
            Self::Pypi => "PyPI",
            Self::Npm => "npm",
        }
    }
}

impl Program {
    /// Where everything of it lies.
    pub(super) fn directory(&self) -> PathBuf {
        project::path("target/real").join(&self.name)
    }

    /// What runs.
    pub(super) fn wasm(&self) -> PathBuf {
        self.directory().join(format!("{}.wasm", self.name))
    }
}

/// Every program, by name.
///
/// # Errors
///
/// If the table cannot be read, or a program has too few command lines.
pub(super) fn all() -> TaskResult<Vec<Program>> {
    let table: Table = toml::from_str(&project::read(TABLE)?).map_err(|error| format!("{TABLE}: {error}"))?;
    let mut programs = table.program;
    programs.sort_by(|one, other| one.name.cmp(&other.name));
    for program in &programs {
        if program.line.len() < LINES_MIN {
            let name = &program.name;
            return Err(format!("{TABLE}: {name} has fewer than {LINES_MIN} command lines"));
        }
    }
    Ok(programs)
}

/// Those of these names.
///
/// # Errors
///
/// If there is no program of one of them.
pub(super) fn named<'a>(programs: &'a [Program], names: &[&str]) -> TaskResult<Vec<&'a Program>> {
    match names.iter().find(|name| !programs.iter().any(|each| each.name == **name)) {
        Some(name) => Err(format!("{name} is no program of {TABLE}")),
        None => Ok(programs.iter().filter(|program| names.contains(&program.name.as_str())).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_chosen_by_their_whole_names() {
        let programs = all().unwrap();
        let chosen = named(&programs, &["jq", "jo"]).unwrap();
        assert_eq!(chosen.iter().map(|program| program.name.as_str()).collect::<Vec<_>>(), ["jo", "jq"]);
        assert!(named(&programs, &["jq", "j"]).is_err());
    }

    #[test]
    fn every_program_has_a_digest_and_a_name_of_its_own() {
        let programs = all().unwrap();
        assert!(programs.len() >= 25, "{}", programs.len());
        for pair in programs.windows(2) {
            assert_ne!(pair[0].name, pair[1].name);
        }
        for program in &programs {
            assert_eq!(program.sha256.len(), 64, "{}", program.name);
        }
    }
}
