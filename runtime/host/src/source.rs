//! The directory that a skill came in: each file is read once, and is from then on what was read.
//!
//! What is judged, kept and run are the same bytes, whatever happens to the directory meanwhile.

use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use cap_std::fs::Dir;

pub use crate::contents::Contents;
use crate::{
    error::{Error, Outcome},
    files,
};

/// A directory, and what was read of it. Nothing read through it leads out of it, by links or otherwise.
pub struct Source {
    directory: Dir,
    /// Where it is beneath the one that was opened first: empty, or a path that ends in `/`.
    prefix: String,
    contents: Arc<Mutex<Contents>>,
}

impl Source {
    fn contents(&self) -> MutexGuard<'_, Contents> {
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a directory.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn open(path: &Path) -> Outcome<Self> {
        Ok(Self { directory: files::open_directory(path)?, prefix: String::new(), contents: Arc::default() })
    }

    /// A directory beneath.
    pub fn beneath(&self, path: &str, shown: &str) -> Outcome<Self> {
        let failed = |error: std::io::Error| Error::file("cannot open", shown, error);
        let directory = self.directory.open_dir(path).map_err(failed)?;
        let prefix = format!("{}{}/", self.prefix, path.trim_end_matches('/'));
        self.contents().directories.insert(plain(&prefix));
        Ok(Self { directory, prefix, contents: self.contents.clone() })
    }

    /// Reads a file beneath, unless it was read already.
    pub fn read(&self, path: &str, shown: &str) -> Outcome<Vec<u8>> {
        self.read_up_to(path, shown, files::FILE_BYTES_MAX)
    }

    /// The same of a file of so many bytes at most.
    pub fn read_up_to(&self, path: &str, shown: &str, bytes_max: u64) -> Outcome<Vec<u8>> {
        let key = plain(&format!("{}{path}", self.prefix));
        if let Some(bytes) = self.contents().files.get(&key) {
            return Ok(bytes.to_vec());
        }
        let bytes = files::read_beneath(&self.directory, path, shown, bytes_max)?;
        let mut contents = self.contents();
        // A path may lead through a directory and out of it again.
        let raw = format!("{}{path}", self.prefix);
        contents.directories.extend(through(&raw));
        contents.files.insert(key, bytes.as_slice().into());
        Ok(bytes)
    }

    /// Whether a file is there, rather than a directory.
    pub fn is_file(&self, path: &str, shown: &str) -> Outcome<bool> {
        let failed = |error: std::io::Error| Error::file("cannot import", shown, error);
        Ok(self.directory.metadata(path).map_err(failed)?.is_file())
    }

    /// The names of what is in it, in order.
    pub fn names(&self, shown: &str) -> Outcome<Vec<String>> {
        let failed = |error: std::io::Error| Error::file("cannot import", shown, error);
        let mut names: Vec<String> = self
            .directory
            .entries()
            .map_err(failed)?
            .map(|entry| {
                entry.map_err(failed)?.file_name().into_string().map_err(|name| {
                    Error::Input(format!(
                        "cannot import {shown}: the name {} is not text",
                        name.to_string_lossy()
                    ))
                })
            })
            .collect::<Outcome<_>>()?;
        names.sort();
        Ok(names)
    }

    /// Everything that was read until now.
    pub fn take_contents(&self) -> Contents {
        std::mem::take(&mut self.contents())
    }
}

/// A path without `.` and `..`.
fn plain(path: &str) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in path.split('/') {
        match name {
            "" | "." => {}
            ".." => drop(names.pop()),
            name => names.push(name),
        }
    }
    names.join("/")
}

/// The directories that a path goes into and leaves again by `..`.
fn through(path: &str) -> Vec<String> {
    let names: Vec<&str> = path.split('/').collect();
    let leaves = (1..names.len()).filter(|at| names[*at] == "..");
    leaves.map(|at| plain(&names[..at].join("/"))).filter(|path| !path.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::{Source, plain, through};

    #[test]
    fn what_was_read_stays_what_it_was() {
        let directory = tempfile::tempdir().unwrap();
        let source = Source::open(directory.path()).unwrap();
        let write = |text: &str| {
            crate::files::write(&directory.path().join("a"), text.as_bytes()).unwrap();
        };
        write("one");
        assert_eq!(source.read("a", "a").unwrap(), b"one");
        write("two");
        assert_eq!(source.read("./a", "a").unwrap(), b"one");
        let contents = source.take_contents();
        assert_eq!(contents.files["a"].as_ref(), b"one");
        assert_eq!(contents.files.len(), 1);
    }

    #[test]
    fn paths_are_kept_as_what_they_lead_to() {
        assert_eq!(plain("./a//b/../c"), "a/c");
        assert_eq!(plain("sub/"), "sub");
        assert_eq!(through("a/b/../../c"), ["a/b", "a"]);
        assert!(through("a/b").is_empty());
    }
}
