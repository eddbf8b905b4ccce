//! The corpus: many small skills from a few crates, a binary each. Their directories hold no sources.

use std::{collections::BTreeMap, path::PathBuf};

use super::skill::{Language, Skill};
use crate::project::{self, TaskResult};

pub(super) const ROOT: &str = "skills-examples/corpus";

/// What a component of the corpus may take: there are hundreds of them, and they are committed.
const COMPONENT_BYTES_MAX: usize = 64 * 1024;
/// The same with the standard library in it. There are few of those.
const STD_COMPONENT_BYTES_MAX: usize = 128 * 1024;
const STD_SOURCES: &str = "skills-examples/corpus/everyday/src/bin";

/// Its skills, by name.
pub(super) fn skills() -> TaskResult<Vec<Skill>> {
    let directories = project::list(&project::path(ROOT))?;
    let skills = directories.into_iter().filter(|path| path.join("skill.toml").exists()).map(|directory| {
        let target = directory.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Skill { directory, name: format!("corpus/{target}"), language: Language::Rust { target } }
    });
    Ok(skills.collect())
}

/// Fails if a binary has no directory, or a component is too large.
pub(super) fn check(built: &BTreeMap<String, PathBuf>) -> TaskResult {
    for (name, component) in built {
        if !project::path(ROOT).join(name).join("skill.toml").exists() {
            return Err(format!("{name} has no {ROOT}/{name}/skill.toml"));
        }
        let bytes = project::len(component)?;
        let has_std = project::path(STD_SOURCES).join(format!("{name}.rs")).exists();
        let bytes_max = if has_std { STD_COMPONENT_BYTES_MAX } else { COMPONENT_BYTES_MAX };
        if bytes > bytes_max {
            return Err(format!("{name} takes {bytes} bytes; {bytes_max} are allowed"));
        }
    }
    Ok(())
}
