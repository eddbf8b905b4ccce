//! Guests: skills in other languages. Those in C are built as every C skill is; of those in JavaScript only the
//! engine is built and committed, and `cargo xtask guests` puts the scripts into it.

use std::{path::PathBuf, process::Command};

use super::{
    programs::{cargo_build, output},
    skill::{Language, ROOT, Skill, has_extension},
};
use crate::{
    guests::JAVASCRIPT,
    project::{self, TaskResult},
};

pub(super) const LOCK: &str = "skills-examples/guests/guests.lock";
const C: &str = "guests/c";
const ENGINE: &str = "guests/javascript/engine";
/// What building the engine takes beside the compilers of the other skills.
const ARCHIVER: &str = "llvm-ar-19";

/// Every component that is committed, by name.
pub(super) fn skills() -> TaskResult<Vec<Skill>> {
    let mut skills = Vec::new();
    let directories = project::list(&project::path(ROOT).join(C))?;
    for directory in directories.into_iter().filter(|path| path.is_dir()) {
        let source = project::list(&directory)?.into_iter().find(|path| has_extension(path, "c"));
        let name = directory.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let source = source.ok_or_else(|| format!("{C}/{name} has no source"))?;
        skills.push(Skill { directory, name: format!("{C}/{name}"), language: Language::C { source } });
    }
    let directory = project::path(ROOT).join(ENGINE);
    skills.push(Skill {
        directory,
        name: ENGINE.to_owned(),
        language: Language::Rust { target: "engine".to_owned() },
    });
    Ok(skills)
}

/// Builds the engine; leaves the committed one where its tools are missing.
pub(super) fn build_engine() -> TaskResult<Option<PathBuf>> {
    if output(Command::new(ARCHIVER).arg("--version")).is_err() {
        eprintln!("{ARCHIVER} is missing: {JAVASCRIPT}/engine stays as it is");
        return Ok(None);
    }
    Ok(cargo_build(&format!("{JAVASCRIPT}/engine"))?.remove("engine"))
}
