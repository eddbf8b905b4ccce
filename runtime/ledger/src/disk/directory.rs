//! The files of a log in a directory of the host.

#![expect(clippy::disallowed_methods, reason = "this is where the log reads and writes its files")]

use std::{
    cell::RefCell,
    collections::HashMap,
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::owner;
use crate::disk::Disk;

/// Held by whoever writes.
pub(super) const LOCK: &str = "lock";
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
    /// Of the file system; somebody else writes (`WouldBlock`); somebody else could (`PermissionDenied`).
    pub fn writing(path: &Path) -> io::Result<Self> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(path)?;
        owner::check(path)?;
        let lock = opening(private().create(true).append(true)).open(path.join(LOCK))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => return Err(io::ErrorKind::WouldBlock.into()),
            Err(fs::TryLockError::Error(error)) => return Err(error),
        }
        // While it was waited for, the directory may have been set aside, and another one stands in its place.
        match owner::is_at(&lock, &path.join(LOCK))? {
            true => Ok(Self { _lock: Some(lock), ..Self::reading(path) }),
            false => Err(io::ErrorKind::WouldBlock.into()),
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
            std::collections::hash_map::Entry::Occupied(entry) => Ok(entry.into_mut()),
            std::collections::hash_map::Entry::Vacant(free) => {
                let file = opening(private().create(true).append(true)).open(self.path.join(name))?;
                owner::check_file(&file)?;
                Ok(free.insert(file))
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

/// Lets two directories beside each other change places, at once: whenever the power goes, each of the two names stands for
/// one of them. Returns once that is on the disk.
///
/// # Errors
/// Of the file system.
pub fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?;
    }
    #[cfg(not(target_os = "linux"))]
    {
        let aside = other.with_extension("old");
        fs::rename(one, &aside)?;
        fs::rename(other, one)?;
        fs::rename(aside, other)?;
    }
    match one.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        Some(parent) if cfg!(unix) => File::open(parent)?.sync_all(),
        _ => Ok(()),
    }
}

/// Files that only we can read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Of regular files only, and without waiting: a link may lead anywhere, and a pipe has no end.
fn opening(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    {
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        std::os::unix::fs::OpenOptionsExt::custom_flags(options, flags.bits().cast_signed());
    }
    options
}

/// Opens a file to be read.
fn open(path: &Path) -> io::Result<File> {
    let file = opening(OpenOptions::new().read(true)).open(path)?;
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(not_regular()),
    }
}

fn not_regular() -> io::Error {
    io::Error::other("it is not a regular file")
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
        match fs::symlink_metadata(self.path.join(name)) {
            Ok(metadata) if metadata.is_file() => Ok(Some(metadata.len())),
            Ok(_) => Err(not_regular()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    #[cfg(unix)]
    fn fingerprint(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        use std::os::unix::fs::MetadataExt;
        match fs::symlink_metadata(self.path.join(name)) {
            Ok(metadata) => {
                // Whoever writes to it changes the time of that, which cannot be set by hand.
                let numbers = [metadata.dev(), metadata.ino(), metadata.size()].map(u64::to_le_bytes);
                let times =
                    [metadata.mtime(), metadata.mtime_nsec(), metadata.ctime(), metadata.ctime_nsec()]
                        .map(i64::to_le_bytes);
                Ok(Some([numbers.as_slice(), times.as_slice()].concat().concat()))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    #[cfg(not(unix))]
    fn fingerprint(&self, _: &str) -> io::Result<Option<Vec<u8>>> {
        Ok(None)
    }

    fn read_at(&self, name: &str, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut files = self.read.borrow_mut();
        // Looked for by itself first: `entry` would need a new name each time.
        if !files.contains_key(name) {
            if files.len() >= OPEN_FILES_MAX {
                files.clear();
            }
            files.insert(name.to_owned(), open(&self.path.join(name))?);
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
        let path = self.path.join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        // New, or it fails: whatever somebody puts there meanwhile is not ours to write to.
        private().create_new(true).write(true).open(path)?.write_all(bytes)
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
        let mut file = opening(private().write(true)).open(&path)?;
        owner::check_file(&file)?;
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

    /// Everything that writes, tried on a name.
    type Write = fn(&mut Directory, &str) -> io::Result<()>;

    const WRITES: [(&str, Write); 4] = [
        ("create", |disk, name| disk.create(name, b"secret")),
        ("append", |disk, name| disk.append(name, b"secret")),
        ("truncate", |disk, name| disk.truncate(name, 0)),
        ("wipe", |disk, name| disk.wipe(name)),
    ];

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link_that_somebody_planted() {
        for (what, write) in WRITES {
            let place = tempfile::tempdir().unwrap();
            let theirs = place.path().join("theirs");
            fs::write(&theirs, b"a file of somebody's").unwrap();
            let path = place.path().join("ledger");
            let mut disk = Directory::writing(&path).unwrap();
            std::os::unix::fs::symlink(&theirs, path.join("key.new")).unwrap();
            let _ = write(&mut disk, "key.new");
            assert_eq!(fs::read(&theirs).unwrap(), b"a file of somebody's", "{what}");
            // A file that is another name of theirs is replaced, not emptied.
            let _ = fs::remove_file(path.join("key.new"));
            if what == "create" {
                fs::hard_link(&theirs, path.join("key.new")).unwrap();
                disk.create("key.new", b"secret").unwrap();
                assert_eq!(fs::read(&theirs).unwrap(), b"a file of somebody's");
                assert_eq!(fs::read(path.join("key.new")).unwrap(), b"secret");
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn only_regular_files_are_read_and_none_is_waited_for() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
        assert!(made.success());
        std::os::unix::fs::symlink("/dev/zero", place.path().join("zeros")).unwrap();
        fs::create_dir(place.path().join("directory")).unwrap();
        let disk = Directory::reading(place.path());
        for name in ["pipe", "zeros", "directory"] {
            assert!(disk.size(name).is_err(), "{name}");
            assert!(disk.read_at(name, 0, &mut [0; 4]).is_err(), "{name}");
            assert!(disk.read(name, 100).is_err(), "{name}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_was_written_to_looks_otherwise() {
        let place = tempfile::tempdir().unwrap();
        let mut disk = Directory::writing(place.path()).unwrap();
        assert_eq!(disk.fingerprint("a").unwrap(), None);
        disk.append("a", b"one").unwrap();
        let first = disk.fingerprint("a").unwrap();
        assert_eq!(disk.fingerprint("a").unwrap(), first);
        std::thread::sleep(std::time::Duration::from_millis(20));
        fs::write(place.path().join("a"), b"two").unwrap();
        assert_ne!(disk.fingerprint("a").unwrap(), first);
    }

    #[cfg(unix)]
    #[test]
    fn a_directory_that_others_can_write_is_not_written_to() {
        use std::os::unix::fs::PermissionsExt;
        for mode in [0o720, 0o702, 0o777, 0o1777] {
            let place = tempfile::tempdir().unwrap();
            let path = place.path().join("ledger");
            fs::create_dir(&path).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let error = Directory::writing(&path).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::PermissionDenied, "{mode:o}");
            assert!(error.to_string().contains("chmod 700"), "{error}");
            assert_eq!(fs::read_dir(&path).unwrap().count(), 0, "{mode:o}");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
            Directory::writing(&path).unwrap();
        }
    }

    #[test]
    fn two_directories_change_places() {
        let place = tempfile::tempdir().unwrap();
        let (one, other) = (place.path().join("one"), place.path().join("other"));
        for (path, content) in [(&one, "first"), (&other, "second")] {
            fs::create_dir(path).unwrap();
            fs::write(path.join("file"), content).unwrap();
        }
        exchange(&one, &other).unwrap();
        assert_eq!(fs::read(one.join("file")).unwrap(), b"second");
        assert_eq!(fs::read(other.join("file")).unwrap(), b"first");
        assert!(exchange(&one, &place.path().join("none")).is_err());
    }

    #[test]
    fn a_lock_on_a_directory_that_was_moved_away_is_none() {
        let place = tempfile::tempdir().unwrap();
        let (path, aside) = (place.path().join("ledger"), place.path().join("aside"));
        let first = Directory::writing(&path).unwrap();
        fs::rename(&path, &aside).unwrap();
        let second = Directory::writing(&path).unwrap();
        drop(first);
        let error = Directory::writing(&path).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::WouldBlock);
        drop(second);
        Directory::writing(&path).unwrap();
    }

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
