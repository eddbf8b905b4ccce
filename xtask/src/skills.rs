//! The components of `skills-examples/`: built here, committed, and held to a lock file of digests, so that
//! nobody who uses or tests the project needs a WebAssembly toolchain.

mod corpus;
mod guests;
mod kept;
mod programs;
mod skill;

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use self::{
    programs::{cargo_build, output},
    skill::{Language, ROOT, Skill, has_extension},
};
use crate::project::{self, TaskResult};

const LOCK: &str = "skills-examples/skills.lock";
/// The tool skills: a workspace of its own.
const TOOLS: &str = "skills-examples/tools";
/// The C skill is a core module for WASI p1.
const CLANG: &[&str] = &["clang-19", "--target=wasm32-wasi", "-Oz", "-Wall", "-Werror", "-Wl,--strip-all"];

/// Builds every skill, puts the components beside their sources and writes the lock files.
pub(crate) fn build() -> TaskResult {
    let mut built = cargo_build(ROOT)?;
    built.extend(cargo_build(TOOLS)?);
    let corpus = cargo_build(corpus::ROOT)?;
    corpus::check(&corpus)?;
    built.extend(corpus);
    let (rustc, clang) = (version("rustc")?, version(CLANG[0])?);
    for skill in skills()? {
        place(&skill, &built)?;
    }
    project::write(LOCK, &lock(&skills()?, &rustc, &clang)?)?;

    let engine = guests::build_engine()?.map(|engine| ("engine".to_owned(), engine));
    let built: BTreeMap<_, _> = engine.into_iter().collect();
    for skill in guests::skills()? {
        if matches!(skill.language, Language::C { .. }) || !built.is_empty() {
            place(&skill, &built)?;
        }
    }
    project::write(guests::LOCK, &lock(&guests::skills()?, &rustc, &clang)?)?;
    unpack()
}

/// Puts the tools that are kept compressed beside their manifests.
pub(crate) fn unpack() -> TaskResult {
    kept::unpack()
}

/// Fails if a committed component is not the one that its lock file names.
pub(crate) fn check() -> TaskResult {
    kept::check()?;
    for (path, skills) in [(LOCK, skills()?), (guests::LOCK, guests::skills()?)] {
        let text = project::read(path)?;
        let table: toml::Table = text.parse().map_err(|error| format!("{path}: {error}"))?;
        let by = |key: &str| table.get(key).and_then(toml::Value::as_str).unwrap_or_default().to_owned();
        if lock(&skills, &by("rustc"), &by("clang"))? != text {
            return Err(format!("{path} does not name the committed components: run `cargo xtask skills`"));
        }
    }
    Ok(())
}

/// Puts the component of a skill beside its sources: from what cargo has built, or built here.
fn place(skill: &Skill, built: &BTreeMap<String, PathBuf>) -> TaskResult {
    let component = skill.directory.join(skill.component()?);
    match &skill.language {
        Language::Rust { target } => {
            copy(built.get(target).ok_or_else(|| format!("{target} has built no .wasm"))?, &component)
        }
        Language::C { source } => {
            let mut command = Command::new(CLANG[0]);
            output(command.args(&CLANG[1..]).arg(source).arg("-o").arg(component)).map(drop)
        }
    }
}

/// Every skill, those of the corpus last.
fn skills() -> TaskResult<Vec<Skill>> {
    let mut skills = examples(ROOT)?;
    skills.extend(examples(TOOLS)?);
    skills.extend(corpus::skills()?);
    Ok(skills)
}

/// Skills with separate sources in a directory, by name.
fn examples(root: &str) -> TaskResult<Vec<Skill>> {
    let mut skills = Vec::new();
    for directory in project::list(&project::path(root))?.into_iter().filter(|path| path.is_dir()) {
        let target = directory.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let inside = root.strip_prefix(ROOT).unwrap_or_default().trim_start_matches('/');
        let name =
            [inside, &target].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
        let language = if [corpus::ROOT, TOOLS].iter().any(|other| directory == project::path(other)) {
            continue;
        } else if directory.join("Cargo.toml").exists() {
            Language::Rust { target }
        } else if let Some(source) =
            project::list(&directory)?.into_iter().find(|path| has_extension(path, "c"))
        {
            Language::C { source }
        } else {
            continue;
        };
        skills.push(Skill { directory, name, language });
    }
    Ok(skills)
}

fn lock(skills: &[Skill], rustc: &str, clang: &str) -> TaskResult<String> {
    let mut text = format!(
        "# Written by `cargo xtask skills`: what the committed components are, and what they were built with.\n\
         rustc = {rustc:?}\nclang = {clang:?}\n\n[sha256]\n"
    );
    for skill in skills {
        let name = format!("{}/{}", skill.name, skill.component()?);
        let bytes = project::read_bytes(&format!("{ROOT}/{name}"))?;
        let _ = writeln!(text, "{name:?} = {:?}", HEXLOWER.encode(&Sha256::digest(&bytes)));
    }
    Ok(text)
}

/// The first line of `program --version`.
fn version(program: &str) -> TaskResult<String> {
    let text = output(Command::new(program).arg("--version"))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

fn copy(from: &Path, to: &Path) -> TaskResult {
    fs::copy(from, to).map(drop).map_err(|error| format!("{}: {error}", to.display()))
}
