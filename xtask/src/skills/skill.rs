//! A skill that has a component here.

use std::path::{Path, PathBuf};

use crate::project::{self, TaskResult};

pub(super) const ROOT: &str = "skills-examples";

/// A directory of the examples with a component.
pub(super) struct Skill {
    pub(super) directory: PathBuf,
    /// Its path below the examples.
    pub(super) name: String,
    pub(super) language: Language,
}

/// Rust by its target: a package, or a binary of the corpus.
pub(super) enum Language {
    Rust { target: String },
    C { source: PathBuf },
}

impl Skill {
    /// The name that its manifest gives the component; without a manifest, that of the directory.
    pub(super) fn component(&self) -> TaskResult<String> {
        let path = format!("{ROOT}/{}/skill.toml", self.name);
        if !project::path(&path).exists() {
            let name = self.name.rsplit('/').next().unwrap_or_default();
            return Ok(format!("{}.wasm", name.replace('-', "_")));
        }
        let manifest: toml::Table =
            project::read(&path)?.parse().map_err(|error| format!("{path}: {error}"))?;
        let component = manifest.get("skill").and_then(|skill| skill.get("component"));
        let component = component.and_then(toml::Value::as_str);
        component.map(str::to_owned).ok_or_else(|| format!("{path} names no component"))
    }
}

pub(super) fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found == extension)
}
