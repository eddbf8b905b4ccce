//! The components of `skills-examples/`: built here, committed, and held to a lock file of digests, so that
//! nobody who uses or tests the project needs a WebAssembly toolchain.

mod corpus;
mod guests;

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::project::{self, TaskResult};

const ROOT: &str = "skills-examples";
const LOCK: &str = "skills-examples/skills.lock";
const TARGET: &str = "wasm32-wasip2";
/// The C skill is a core module: WASI p1, adapted when it is loaded.
const CLANG: &[&str] = &["clang-19", "--target=wasm32-wasi", "-Oz", "-Wall", "-Werror", "-Wl,--strip-all"];

/// Builds every skill, puts the components beside their sources and writes the lock files.
pub(crate) fn build() -> TaskResult {
    let mut built = cargo_build(ROOT)?;
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
    project::write(guests::LOCK, &lock(&guests::skills()?, &rustc, &clang)?)
}

/// Fails if a committed component is not the one that its lock file names.
pub(crate) fn check() -> TaskResult {
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

/// A directory of the examples with a component.
struct Skill {
    directory: PathBuf,
    /// Its path below the examples.
    name: String,
    language: Language,
}

/// Rust by its target: a package, or a binary of the corpus.
enum Language {
    Rust { target: String },
    C { source: PathBuf },
}

impl Skill {
    /// The name that its manifest gives the component; without a manifest, that of the directory.
    fn component(&self) -> TaskResult<String> {
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

/// Every skill, those of the corpus last.
fn skills() -> TaskResult<Vec<Skill>> {
    let mut skills = examples()?;
    skills.extend(corpus::skills()?);
    Ok(skills)
}

/// Skills with separate sources, by name.
fn examples() -> TaskResult<Vec<Skill>> {
    let mut skills = Vec::new();
    for directory in project::list(&project::path(ROOT))?.into_iter().filter(|path| path.is_dir()) {
        let name = directory.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let language = if directory == project::path(corpus::ROOT) {
            continue;
        } else if directory.join("Cargo.toml").exists() {
            Language::Rust { target: name.clone() }
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

/// The components that cargo has built in a workspace, by target.
fn cargo_build(workspace: &str) -> TaskResult<BTreeMap<String, PathBuf>> {
    // Panic messages name source files: by no directory of the machine they were built on.
    let remap = |from: &Path, to: &str| format!("--remap-path-prefix={}={to}", from.display());
    let mut flags = vec![remap(&project::path(ROOT), "skills-examples")];
    flags.extend(project::cargo_home().map(|home| remap(Path::new(&home), "cargo")));
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["build", "--release", "--locked", "--target", TARGET, "--message-format", "json"])
        .current_dir(project::path(workspace))
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"))
        .env_remove("RUSTFLAGS")
        .stderr(Stdio::inherit());
    let mut built = BTreeMap::new();
    for line in output(&mut command)?.lines() {
        let message: serde_json::Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let files = message["filenames"].as_array().into_iter().flatten();
        let wasm = files.filter_map(|file| file.as_str()).find(|file| file.ends_with(".wasm"));
        let name = message["target"]["name"].as_str().unwrap_or_default().replace('_', "-");
        built.extend(wasm.map(|file| (name, PathBuf::from(file))));
    }
    Ok(built)
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

fn output(command: &mut Command) -> TaskResult<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{program}: {error}"))?;
    match output.status.success() {
        true => String::from_utf8(output.stdout).map_err(|error| format!("{program}: {error}")),
        false => Err(format!("{program}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr))),
    }
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found == extension)
}

fn copy(from: &Path, to: &Path) -> TaskResult {
    fs::copy(from, to).map(drop).map_err(|error| format!("{}: {error}", to.display()))
}
