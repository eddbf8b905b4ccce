//! Files of the project.

#![expect(clippy::disallowed_methods, reason = "tasks read and write the project's own files")]

use std::path::{Path, PathBuf};

/// An error as a sentence for the person who runs the task.
pub(crate) type Outcome<T = ()> = Result<T, String>;

/// A path in the project.
pub(crate) fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).join(relative)
}

pub(crate) fn read(relative: &str) -> Outcome<String> {
    std::fs::read_to_string(path(relative)).map_err(|error| format!("cannot read {relative}: {error}"))
}

pub(crate) fn write(relative: &str, text: &str) -> Outcome {
    std::fs::write(path(relative), text).map_err(|error| format!("cannot write {relative}: {error}"))
}
