//! What other programs build.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::skill::ROOT;
use crate::project::{self, TaskResult};

const TARGET: &str = "wasm32-wasip2";

/// The components that cargo has built in a workspace, by target.
pub(super) fn cargo_build(workspace: &str) -> TaskResult<BTreeMap<String, PathBuf>> {
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

/// What a program writes to standard output.
pub(super) fn output(command: &mut Command) -> TaskResult<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{program}: {error}"))?;
    match output.status.success() {
        true => String::from_utf8(output.stdout).map_err(|error| format!("{program}: {error}")),
        false => Err(format!("{program}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr))),
    }
}
