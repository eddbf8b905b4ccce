//! The modules in a checkout or build of the suite.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::project::{self, TaskResult};

/// What a core module begins with: the magic number, and version and layer.
const MODULE: &[u8] = b"\0asm\x01\0\0\0";
/// Directories that are not looked into: of version control, and of tests for proposals beyond preview 1.
const LEFT_OUT: [&str; 2] = [".git", "proposals"];
/// Depth of the directories that are looked into. A checkout has its modules at 4.
const DEPTH_MAX: usize = 8;

/// A directory with a manifest and modules.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Suite {
    pub(super) name: String,
    /// By name.
    pub(super) modules: Vec<PathBuf>,
    /// How many components are there, too.
    pub(super) components: usize,
}

/// The part of `manifest.json` that is of use.
#[derive(Deserialize)]
struct Manifest {
    name: String,
}

/// The suites in a directory, by path.
///
/// # Errors
///
/// If a directory, a manifest or a module cannot be read.
pub(super) fn suites(directory: &Path) -> TaskResult<Vec<Suite>> {
    let mut found = Vec::new();
    look(directory, DEPTH_MAX, &mut found)?;
    Ok(found)
}

fn look(directory: &Path, depth: usize, found: &mut Vec<Suite>) -> TaskResult {
    let entries = project::list(directory)?;
    let manifest = directory.join("manifest.json");
    if manifest.is_file() {
        let suite = suite(&manifest, &entries)?;
        found.extend(Some(suite).filter(|suite| !suite.modules.is_empty()));
    }
    let left_out = |path: &Path| LEFT_OUT.iter().any(|name| path.ends_with(name));
    for entry in entries.iter().filter(|entry| !left_out(entry)) {
        // A link may lead out of the directory, or around in it.
        if depth > 0 && entry.is_dir() && !entry.is_symlink() {
            look(entry, depth - 1, found)?;
        }
    }
    Ok(())
}

fn suite(manifest: &Path, entries: &[PathBuf]) -> TaskResult<Suite> {
    let error = |error: &dyn std::fmt::Display| format!("{}: {error}", manifest.display());
    let text = std::fs::read_to_string(manifest).map_err(|failure| error(&failure))?;
    let Manifest { name } = serde_json::from_str(&text).map_err(|failure| error(&failure))?;
    let (mut modules, mut components) = (Vec::new(), 0);
    for path in entries.iter().filter(|path| path.extension().is_some_and(|end| end == "wasm")) {
        match is_module(path)? {
            true => modules.push(path.clone()),
            false => components += 1,
        }
    }
    Ok(Suite { name, modules, components })
}

fn is_module(path: &Path) -> TaskResult<bool> {
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MODULE.len() as u64).read_to_end(&mut start));
    read.map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    Ok(start == MODULE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(directory: &Path, name: &str, bytes: &[u8]) {
        let path = directory.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    #[test]
    fn modules_beside_a_manifest_are_found_and_others_are_not() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path();
        put(root, "tests/c/testsuite/manifest.json", br#"{ "name": "C tests", "version": "1" }"#);
        put(root, "tests/c/testsuite/b.wasm", MODULE);
        put(root, "tests/c/testsuite/a.wasm", MODULE);
        put(root, "tests/c/testsuite/c.wasm", b"\0asm\x0d\0\x01\0");
        put(root, "tests/c/testsuite/a.json", b"{}");
        put(root, "tests/proposals/threads/manifest.json", br#"{ "name": "Threads" }"#);
        put(root, "tests/proposals/threads/t.wasm", MODULE);
        put(root, "build/x.wasm", MODULE);
        put(root, "none/manifest.json", br#"{ "name": "Nothing" }"#);
        let modules = ["a", "b"].map(|name| root.join(format!("tests/c/testsuite/{name}.wasm")));
        let expected = Suite { name: "C tests".into(), modules: modules.into(), components: 1 };
        assert_eq!(suites(root), Ok(vec![expected]));
    }

    #[test]
    fn a_manifest_that_cannot_be_read_is_an_error_with_its_name() {
        let directory = tempfile::tempdir().unwrap();
        put(directory.path(), "manifest.json", b"{");
        assert!(suites(directory.path()).unwrap_err().contains("manifest.json"));
    }
}
