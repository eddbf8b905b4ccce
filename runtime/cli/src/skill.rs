//! Reading the skill that `SKILL` names.

use std::path::{Path, PathBuf};

use invar_host::skill::{self, MANIFEST, SkillFiles};

use crate::{
    error::{Error, Outcome},
    files,
    home::Home,
};

/// Reads what `SKILL` names: a directory with a manifest, a file, or an installed skill.
pub(crate) fn read(name: &str, envelope: Option<&Path>) -> Outcome<SkillFiles> {
    let path = match files::exists(Path::new(name)) {
        true => PathBuf::from(name),
        false => installed(name)?.ok_or_else(|| {
            Error::Input(format!(
                "there is no skill {name}: it is neither a directory with {MANIFEST}, nor a .wasm file, nor installed"
            ))
        })?,
    };
    Ok(skill::read(&path, envelope)?)
}

/// Whether a text can be the name of a skill, as manifests have it.
pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// The directory of an installed skill of that name.
fn installed(name: &str) -> Outcome<Option<PathBuf>> {
    if !is_name(name) {
        return Ok(None);
    }
    let directory = Home::find()?.skill(name);
    Ok(files::is_directory(&directory).then_some(directory))
}

/// The input: the file that the user names, else that of the skill, else empty.
pub(crate) fn input(skill: &SkillFiles, named: Option<&str>) -> Outcome<Vec<u8>> {
    Ok(match named {
        Some("-") => files::read_stdin()?,
        Some(path) => files::read(Path::new(path))?,
        None => skill.input()?,
    })
}
