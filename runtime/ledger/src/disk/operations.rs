//! The operations on files that a log needs.

use std::io;

/// Files, flat, by name.
pub trait Disk {
    /// The names that are there, in order.
    ///
    /// # Errors
    /// Of the file system.
    fn names(&self) -> io::Result<Vec<String>>;

    /// Bytes of a file; none if there is no such.
    ///
    /// # Errors
    /// Of the file system.
    fn size(&self, name: &str) -> io::Result<Option<u64>>;

    /// Reads bytes of a file from `offset` on, fewer at its end.
    ///
    /// # Errors
    /// Of the file system; there is no such file.
    fn read_at(&self, name: &str, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;

    /// What a file looks like from outside: another one once anything was written to it. None if there is no such file, or
    /// this cannot be told here.
    ///
    /// # Errors
    /// Of the file system.
    fn fingerprint(&self, name: &str) -> io::Result<Option<Vec<u8>>>;

    /// Makes a new file, in the place of what has its name, and writes these bytes. Only we can read it. What had the name
    /// before is not written to: it may be another name of something else.
    ///
    /// # Errors
    /// Of the file system.
    fn create(&mut self, name: &str, bytes: &[u8]) -> io::Result<()>;

    /// Writes at the end of a file, and makes it if there is no such.
    ///
    /// # Errors
    /// Of the file system; part of the bytes may have been written.
    fn append(&mut self, name: &str, bytes: &[u8]) -> io::Result<()>;

    /// Cuts a file.
    ///
    /// # Errors
    /// Of the file system.
    fn truncate(&mut self, name: &str, size: u64) -> io::Result<()>;

    /// Returns once the bytes of a file, and its length, are on the disk.
    ///
    /// # Errors
    /// Of the file system. What is on the disk is not known then, and a second try would not tell: systems mark what they
    /// failed to write as written (Rebello et al., "Can Applications Recover from fsync Failures?", ATC 2020).
    fn sync(&mut self, name: &str) -> io::Result<()>;

    /// Gives a file another name, in the place of what has it.
    ///
    /// # Errors
    /// Of the file system.
    fn rename(&mut self, from: &str, to: &str) -> io::Result<()>;

    /// Gives a file one more name, in the place of what has it.
    ///
    /// # Errors
    /// Of the file system.
    fn link(&mut self, from: &str, to: &str) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// Of the file system.
    fn remove(&mut self, name: &str) -> io::Result<()>;

    /// Returns once names are on the disk.
    ///
    /// # Errors
    /// Of the file system.
    fn sync_names(&mut self) -> io::Result<()>;

    /// Overwrites a file with zeros before it goes: what is in it is secret. Where the file system writes to other places,
    /// or the device does, the old bytes may stay; the log says so.
    ///
    /// # Errors
    /// Of the file system.
    fn wipe(&mut self, name: &str) -> io::Result<()>;

    /// A file whole; none if there is no such.
    ///
    /// # Errors
    /// Of the file system; it is longer than `bytes_max`.
    fn read(&self, name: &str, bytes_max: u64) -> io::Result<Option<Vec<u8>>> {
        let Some(size) = self.size(name)? else { return Ok(None) };
        if size > bytes_max {
            return Err(io::Error::other(format!("{name} has {size} bytes, more than {bytes_max}")));
        }
        let mut bytes = vec![0; usize::try_from(size).map_err(io::Error::other)?];
        let read = self.read_at(name, 0, &mut bytes)?;
        bytes.truncate(read);
        Ok(Some(bytes))
    }

    /// Puts a file in the place of another, whole or not at all, and returns once that is on the disk.
    ///
    /// # Errors
    /// Of the file system.
    fn replace(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let new = format!("{name}.new");
        self.create(&new, bytes)?;
        self.sync(&new)?;
        self.rename(&new, name)?;
        self.sync_names()
    }
}
