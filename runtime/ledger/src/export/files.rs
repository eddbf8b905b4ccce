//! Files that an export is made of, by their paths: so that what makes them need not know where they are.

#![expect(clippy::disallowed_methods, reason = "this is where exports are written and read")]

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

/// Files by paths like `tile/0/000`.
pub trait Files {
    /// Puts a file there, in the place of what is there, whole or not at all.
    ///
    /// # Errors
    /// Of the file system.
    fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()>;

    /// A file whole; none if there is no such.
    ///
    /// # Errors
    /// Of the file system; it is no file, or longer than `bytes_max`.
    fn get(&self, path: &str, bytes_max: usize) -> io::Result<Option<Vec<u8>>>;
}

/// A directory of the host.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    /// That directory, which is made once a file is put into it.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }
}

impl Files for Folder {
    fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.0.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let mut new = path.clone().into_os_string();
        new.push(".new");
        fs::write(&new, bytes)?;
        fs::rename(new, path)
    }

    fn get(&self, path: &str, bytes_max: usize) -> io::Result<Option<Vec<u8>>> {
        let path = self.0.join(path);
        match fs::metadata(&path) {
            // A pipe would have us wait.
            Ok(metadata) if !metadata.is_file() => return Err(io::Error::other("it is not a file")),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        }
        let mut bytes = Vec::new();
        File::open(path)?.take(bytes_max as u64 + 1).read_to_end(&mut bytes)?;
        match bytes.len() > bytes_max {
            true => Err(io::Error::other(format!("it has more than {bytes_max} bytes"))),
            false => Ok(Some(bytes)),
        }
    }
}

#[cfg(test)]
pub(crate) mod memory {
    use std::collections::BTreeMap;

    use super::{Files, io};

    /// Files in memory.
    #[derive(Debug, Clone, Default, PartialEq, Eq)]
    pub(crate) struct Memory(pub(crate) BTreeMap<String, Vec<u8>>);

    impl Files for Memory {
        fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
            self.0.insert(path.to_owned(), bytes.to_vec());
            Ok(())
        }

        fn get(&self, path: &str, bytes_max: usize) -> io::Result<Option<Vec<u8>>> {
            match self.0.get(path) {
                Some(bytes) if bytes.len() > bytes_max => Err(io::Error::other("it is too long")),
                found => Ok(found.cloned()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_whole_and_no_longer_than_asked_for() {
        let place = tempfile::tempdir().unwrap();
        let mut folder = Folder::new(&place.path().join("export"));
        assert_eq!(folder.get("a/b/c", 10).unwrap(), None);
        folder.put("a/b/c", b"one").unwrap();
        folder.put("a/b/c", b"another").unwrap();
        assert_eq!(folder.get("a/b/c", 7).unwrap().unwrap(), b"another");
        assert!(folder.get("a/b/c", 6).is_err());
        assert!(folder.get("a/b", 10).is_err());
        assert!(folder.put("a/b", b"").is_err());
    }
}
