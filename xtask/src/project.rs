//! Files of the project.

use std::path::{Path, PathBuf};

/// An error as a sentence for the person who runs the task.
pub(crate) type TaskResult<T = ()> = Result<T, String>;

/// A path in the project.
pub(crate) fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).join(relative)
}

pub(crate) fn read(relative: &str) -> TaskResult<String> {
    std::fs::read_to_string(path(relative)).map_err(|error| format!("cannot read {relative}: {error}"))
}

pub(crate) fn write(relative: &str, text: &str) -> TaskResult {
    std::fs::write(path(relative), text).map_err(|error| format!("cannot write {relative}: {error}"))
}

pub(crate) fn write_bytes(relative: &str, bytes: &[u8]) -> TaskResult {
    std::fs::write(path(relative), bytes).map_err(|error| format!("cannot write {relative}: {error}"))
}

pub(crate) fn read_bytes(relative: &str) -> TaskResult<Vec<u8>> {
    std::fs::read(path(relative)).map_err(|error| format!("cannot read {relative}: {error}"))
}

/// Bytes of a file.
pub(crate) fn len(path: &Path) -> TaskResult<usize> {
    std::fs::read(path).map(|bytes| bytes.len()).map_err(|error| format!("{}: {error}", path.display()))
}

/// What a directory holds, by name.
pub(crate) fn list(directory: &Path) -> TaskResult<Vec<PathBuf>> {
    let entries = std::fs::read_dir(directory)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>());
    let mut paths = entries.map_err(|error| format!("cannot list {}: {error}", directory.display()))?;
    paths.sort();
    Ok(paths)
}

/// A variable of the person who runs the task.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Where cargo keeps the sources of what a build needs.
pub(crate) fn cargo_home() -> Option<String> {
    variable("CARGO_HOME").or_else(|| variable("HOME").map(|home| home + "/.cargo"))
}
