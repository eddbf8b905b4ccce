//! Guests that the componentizers of Python and of JavaScript build. What they build is not committed: it has megabytes.

use std::{fs, path::Path, process::Command};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::{
    project::{self, TaskResult},
    real::succeed,
};

const ROOT: &str = "skills-examples/guests/componentized";
pub(crate) const PYTHON: &str = "skills-examples/guests/componentized/python";
pub(crate) const JAVASCRIPT: &str = "skills-examples/guests/componentized/javascript";
/// Where a guest is put together: what its directory holds, and the component.
const BUILT: &str = "target/guests";
/// The compilers, as installed.
const COMPILERS: &str = "target/guests/compilers";
/// What names the compilers, by version and digest.
const LOCKS: [&str; 3] = ["requirements.txt", "package.json", "package-lock.json"];
const WIT: &str = "wit";
const WORLD: &str = "skill";

/// Builds all of them that are not there as they should be.
pub(crate) fn write() -> TaskResult {
    for root in [PYTHON, JAVASCRIPT] {
        for directory in project::list(&project::path(root))? {
            build(root, &directory.file_name().unwrap_or_default().to_string_lossy())?;
        }
    }
    Ok(())
}

/// Where a guest is once it is built.
pub(crate) fn built(root: &str, name: &str) -> String {
    format!("{BUILT}/{}/{name}", root.rsplit('/').next().unwrap_or_default())
}

/// Builds a guest, unless the same was built before.
pub(crate) fn build(root: &str, name: &str) -> TaskResult {
    let (source, target) = (format!("{root}/{name}"), built(root, name));
    let wanted = digest(&source)?;
    if project::read(&format!("{target}/built")).is_ok_and(|mark| mark == wanted) {
        return Ok(());
    }
    eprintln!("{name}: building");
    let directory = project::path(&target);
    let _ = fs::remove_dir_all(&directory);
    make(&directory)?;
    for path in project::list(&project::path(&source))?.into_iter().filter(|path| path.is_file()) {
        let to = directory.join(path.file_name().unwrap_or_default());
        fs::copy(&path, to).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    let component = format!("{name}.wasm");
    let mut command = if root == PYTHON { python()? } else { javascript()? };
    command.arg(component).current_dir(&directory);
    succeed(&mut command).map_err(|error| format!("{source}: {error}"))?;
    project::write(&format!("{target}/built"), &wanted)
}

/// The compiler of Python, up to the name of what it writes.
fn python() -> TaskResult<Command> {
    let environment = project::path(COMPILERS).join("python");
    let program = environment.join("bin/componentize-py");
    if !program.exists() {
        make(&project::path(COMPILERS))?;
        succeed(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
        let install =
            ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r"];
        let requirements = project::path(ROOT).join(LOCKS[0]);
        succeed(Command::new(environment.join("bin/python3")).args(install).arg(requirements))?;
    }
    let mut command = Command::new(program);
    command.arg("--quiet").arg("-d").arg(project::path(WIT)).args(["-w", WORLD, "componentize", "app", "-o"]);
    Ok(command)
}

/// The compiler of JavaScript, up to the name of what it writes.
fn javascript() -> TaskResult<Command> {
    let packages = project::path(COMPILERS).join("javascript");
    let program = packages.join("node_modules/.bin/componentize-qjs");
    if !program.exists() {
        make(&packages)?;
        for lock in &LOCKS[1..] {
            let to = packages.join(lock);
            fs::copy(project::path(ROOT).join(lock), &to)
                .map_err(|error| format!("{}: {error}", to.display()))?;
        }
        succeed(Command::new("npm").args(["ci", "--silent"]).current_dir(&packages))?;
    }
    let mut command = Command::new(program);
    command.args(["--sync", "--opt-size", "--world", WORLD, "--js", "skill.js", "--wit"]);
    command.arg(project::path(WIT)).arg("-o");
    Ok(command)
}

/// A digest of everything that a guest is built of.
fn digest(source: &str) -> TaskResult<String> {
    let mut all = Sha256::new();
    let locks = LOCKS.iter().map(|lock| project::path(ROOT).join(lock));
    let sources = project::list(&project::path(source))?.into_iter().filter(|path| path.is_file());
    for path in locks.chain(sources) {
        let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        all.update(path.file_name().unwrap_or_default().as_encoded_bytes());
        all.update((bytes.len() as u64).to_le_bytes());
        all.update(bytes);
    }
    all.update(project::read_bytes("wit/skill.wit")?);
    Ok(HEXLOWER.encode(&all.finalize()))
}

fn make(directory: &Path) -> TaskResult {
    fs::create_dir_all(directory).map_err(|error| format!("{}: {error}", directory.display()))
}
