//! The files of a log in a directory of the host.

#![expect(clippy::disallowed_methods, reason = "this is where the log reads and writes its files")]

use std::{
    cell::RefCell,
    collections::HashMap,
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::disk::Disk;

/// Files that are kept open.
const OPEN_FILES_MAX: usize = 64;

/// A directory. Files in it, and it, are for its owner only.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
    /// Files that are being appended to.
    open: HashMap<String, File>,
    /// Files that are being read.
    read: RefCell<HashMap<String, File>>,
    /// Held as long as this is.
    _lock: Option<File>,
}

impl Directory {
    /// Opens it to be read; makes nothing.
    #[must_use]
    pub fn reading(path: &Path) -> Self {
        Self { path: path.to_owned(), open: HashMap::new(), read: RefCell::default(), _lock: None }
    }

    /// Opens it, or makes it, to be written by nobody else as long as this is there.
    ///
    /// # Errors
    /// Of the file system; somebody else writes (`WouldBlock`).
    pub fn writing(path: &Path) -> io::Result<Self> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(path)?;
        let lock = private().create(true).append(true).open(path.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { _lock: Some(lock), ..Self::reading(path) }),
            Err(fs::TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
            Err(fs::TryLockError::Error(error)) => Err(error),
        }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether others may read the file, or write it.
    ///
    /// # Errors
    /// Of the file system.
    #[cfg(unix)]
    pub fn is_shared(&self, name: &str) -> io::Result<bool> {
        let mode =
            std::os::unix::fs::PermissionsExt::mode(&fs::metadata(self.path.join(name))?.permissions());
        Ok(mode & 0o077 != 0)
    }

    /// Whether others may read the file: not known on this platform.
    ///
    /// # Errors
    /// Of the file system.
    #[cfg(not(unix))]
    pub fn is_shared(&self, _: &str) -> io::Result<bool> {
        Ok(false)
    }

    fn appending(&mut self, name: &str) -> io::Result<&mut File> {
        if self.open.len() >= OPEN_FILES_MAX {
            self.open.clear();
        }
        match self.open.entry(name.to_owned()) {
            std::collections::hash_map::Entry::Occupied(own) => Ok(own.into_mut()),
            std::collections::hash_map::Entry::Vacant(free) => {
                Ok(free.insert(private().create(true).append(true).open(self.path.join(name))?))
            }
        }
    }

    /// The names stand for other files now.
    fn forget(&mut self, names: &[&str]) {
        for name in names {
            self.open.remove(*name);
            self.read.borrow_mut().remove(*name);
        }
    }
}

/// Files that only we can read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

impl Disk for Directory {
    fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            names.extend(entry?.file_name().into_string());
        }
        names.sort();
        Ok(names)
    }

    fn size(&self, name: &str) -> io::Result<Option<u64>> {
        match fs::metadata(self.path.join(name)) {
            Ok(own) => Ok(Some(own.len())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn read_at(&self, name: &str, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut files = self.read.borrow_mut();
        // Looked for by itself first: `entry` would need a name of its own each time.
        if !files.contains_key(name) {
            if files.len() >= OPEN_FILES_MAX {
                files.clear();
            }
            files.insert(name.to_owned(), File::open(self.path.join(name))?);
        }
        let Some(file) = files.get(name) else { return Ok(0) };
        let mut done = 0;
        while done < buffer.len() {
            match read_some(file, offset + done as u64, &mut buffer[done..])? {
                0 => break,
                more => done += more,
            }
        }
        Ok(done)
    }

    fn create(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.forget(&[name]);
        let mut file = private().create(true).write(true).truncate(true).open(self.path.join(name))?;
        file.write_all(bytes)
    }

    fn append(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.appending(name)?.write_all(bytes)
    }

    fn truncate(&mut self, name: &str, size: u64) -> io::Result<()> {
        self.appending(name)?.set_len(size)
    }

    fn sync(&mut self, name: &str) -> io::Result<()> {
        self.appending(name)?.sync_data()
    }

    fn rename(&mut self, from: &str, to: &str) -> io::Result<()> {
        self.forget(&[from, to]);
        fs::rename(self.path.join(from), self.path.join(to))
    }

    fn link(&mut self, from: &str, to: &str) -> io::Result<()> {
        if self.size(to)?.is_some() {
            self.remove(to)?;
        }
        fs::hard_link(self.path.join(from), self.path.join(to))
    }

    fn remove(&mut self, name: &str) -> io::Result<()> {
        self.forget(&[name]);
        fs::remove_file(self.path.join(name))
    }

    fn sync_names(&mut self) -> io::Result<()> {
        File::open(&self.path)?.sync_all()
    }

    fn wipe(&mut self, name: &str) -> io::Result<()> {
        self.forget(&[name]);
        let path = self.path.join(name);
        let mut file = private().write(true).open(&path)?;
        let size = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
        file.write_all(&vec![0; size])?;
        file.sync_data()?;
        fs::remove_file(path)
    }
}

#[cfg(unix)]
fn read_some(file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_some(file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_writer_is_refused_and_readers_are_not() {
        let directory = tempfile::tempdir().unwrap();
        let first = Directory::writing(directory.path()).unwrap();
        let error = Directory::writing(directory.path()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::WouldBlock);
        assert_eq!(Directory::reading(directory.path()).names().unwrap(), ["lock"]);
        drop(first);
        Directory::writing(directory.path()).unwrap();
    }
}
