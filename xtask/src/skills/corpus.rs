//! The corpus: many small skills from two crates, a binary each. Their directories hold no sources.

use std::{collections::BTreeMap, path::PathBuf};

use super::{Language, Skill};
use crate::project::{self, Outcome};

pub(super) const ROOT: &str = "skills-examples/corpus";

/// What a component of the corpus may take: there are hundreds of them, and they are committed.
const COMPONENT_BYTES_MAX: usize = 64 * 1024;

/// Its skills, by name.
pub(super) fn skills() -> Outcome<Vec<Skill>> {
    let directories = project::list(&project::path(ROOT))?;
    let skills = directories.into_iter().filter(|path| path.join("skill.toml").exists()).map(|directory| {
        let target = directory.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Skill { directory, name: format!("corpus/{target}"), language: Language::Rust { target } }
    });
    Ok(skills.collect())
}

/// Fails if a binary has no directory, or a component is too large.
pub(super) fn check(built: &BTreeMap<String, PathBuf>) -> Outcome {
    for (name, component) in built {
        if !project::path(ROOT).join(name).join("skill.toml").exists() {
            return Err(format!("{name} has no {ROOT}/{name}/skill.toml"));
        }
        let bytes = project::len(component)?;
        if bytes > COMPONENT_BYTES_MAX {
            return Err(format!("{name} takes {bytes} bytes; {COMPONENT_BYTES_MAX} are allowed"));
        }
    }
    Ok(())
}
