//! Files of the host: what the operator names, and what came with a skill. Every read is bounded.

#![expect(clippy::disallowed_methods, reason = "this is where the operator's files are read and written")]

use std::{
    io::{self, BufReader, Read, Write},
    path::Path,
};

use cap_std::{ambient_authority, fs::Dir};

use crate::{
    contents::Contents,
    error::{Error, Outcome},
};

/// Bytes of one file that is read. Stops a file made to fill memory.
pub const FILE_BYTES_MAX: u64 = 256 << 20;

/// Bytes of a manifest, an envelope or a policy. Stops a document made to keep its reader busy: the longest that anybody
/// wrote by hand has a hundredth of that.
pub const MANIFEST_BYTES_MAX: u64 = 1 << 20;

/// Reads a file that the user named: also a device or a pipe, which shells write as `<(…)`.
pub fn read(path: &Path) -> Outcome<Vec<u8>> {
    read_up_to(path, FILE_BYTES_MAX)
}

/// The same, of a file that has no more than so many bytes: no more are read of it.
pub fn read_up_to(path: &Path, bytes_max: u64) -> Outcome<Vec<u8>> {
    let failed = |error: io::Error| Error::file("cannot read", path.display(), error);
    bounded(std::fs::File::open(path).map_err(failed)?, &path.display().to_string(), bytes_max)
}

/// A file of a skill must be a regular file: only those have an end. They are opened without waiting, too: opening a pipe
/// without a writer would wait forever.
fn regular(is_file: bool) -> io::Result<()> {
    match is_file {
        true => Ok(()),
        false => Err(io::Error::other("not a regular file")),
    }
}

/// The files of a directory that the user named, by name.
pub fn files_in(directory: &Path) -> Outcome<Vec<std::path::PathBuf>> {
    let failed = |error: io::Error| Error::file("cannot list", directory.display(), error);
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Opens a file for streaming; the caller bounds it.
pub fn open(path: &Path) -> Outcome<BufReader<std::fs::File>> {
    let failed = |error: std::io::Error| Error::file("cannot read", path.display(), error);
    Ok(BufReader::new(std::fs::File::open(path).map_err(failed)?))
}

/// Standard input, to be read as it comes.
pub fn stdin() -> BufReader<impl Read> {
    BufReader::new(std::io::stdin().lock())
}

/// Reads standard input.
pub fn read_stdin() -> Outcome<Vec<u8>> {
    bounded(std::io::stdin().lock(), "standard input", FILE_BYTES_MAX)
}

fn bounded(from: impl Read, name: &str, bytes_max: u64) -> Outcome<Vec<u8>> {
    let mut bytes = Vec::new();
    let failed = |error: std::io::Error| Error::file("cannot read", name, error);
    from.take(bytes_max + 1).read_to_end(&mut bytes).map_err(failed)?;
    match bytes.len() as u64 > bytes_max {
        true => Err(Error::Input(format!("{name} is larger than {bytes_max} bytes"))),
        false => Ok(bytes),
    }
}

/// Reads text.
pub fn text(bytes: Vec<u8>, name: &str) -> Outcome<String> {
    String::from_utf8(bytes).map_err(|error| {
        Error::Input(format!("{name} is not text: byte {} is not UTF-8", error.utf8_error().valid_up_to()))
    })
}

/// Opens a directory: nothing read through it leads out of it, by links or otherwise.
pub fn open_directory(path: &Path) -> Outcome<Dir> {
    Dir::open_ambient_dir(path, ambient_authority())
        .map_err(|error| Error::file("cannot open", path.display(), error))
}

/// Reads a file beneath a directory that has no more than so many bytes: no more are read of it.
pub fn read_beneath(directory: &Dir, path: &str, shown: &str, bytes_max: u64) -> Outcome<Vec<u8>> {
    let failed = |error: io::Error| Error::file("cannot read", shown, error);
    let mut options = cap_std::fs::OpenOptions::new();
    #[cfg(unix)]
    cap_std::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK);
    let file = directory.open_with(path, options.read(true)).map_err(failed)?;
    regular(file.metadata().map_err(failed)?.is_file()).map_err(failed)?;
    bounded(file, shown, bytes_max)
}

/// Puts a directory of these files in the place of what is at `to`: whole or not at all.
pub fn put_directory(contents: &Contents, to: &Path) -> Outcome<()> {
    let failed = |error: io::Error| Error::file("cannot write", to.display(), error);
    let parent = to.parent().unwrap_or(Path::new("."));
    make_private_directory(parent)?;
    // What is not put in place in the end goes away with these.
    let room = |prefix: &str| tempfile::Builder::new().prefix(prefix).tempdir_in(parent).map_err(failed);
    let (new, old) = (room(".new-")?, room(".old-")?);
    let (whole, before) = (new.path().join("skill"), old.path().join("skill"));
    make_private_directory(&whole)?;
    for directory in &contents.directories {
        make_private_directory(&whole.join(directory))?;
    }
    for (path, bytes) in &contents.files {
        let path = whole.join(path);
        make_private_directory(path.parent().unwrap_or(&whole))?;
        write(&path, bytes)?;
    }
    let is_there = to.exists();
    if is_there {
        std::fs::rename(to, &before).map_err(failed)?;
    }
    if let Err(error) = std::fs::rename(&whole, to) {
        if is_there {
            std::fs::rename(&before, to).map_err(failed)?;
        }
        return Err(failed(error));
    }
    Ok(())
}

/// The directory that a path names something in, which must be there.
///
/// # Errors
/// It is not: said before much is done whose result could not be written.
pub fn check_parent(path: &Path) -> Outcome<&Path> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match directory.is_dir() {
        true => Ok(directory),
        false => Err(Error::Input(format!(
            "cannot write {}: there is no directory {}",
            path.display(),
            directory.display()
        ))),
    }
}

/// Writes a file completely or not at all, and syncs it to the disk. A link stays, and its target is written; a device or a
/// pipe is written to.
pub fn write(path: &Path, bytes: &[u8]) -> Outcome<()> {
    // The error would name the temporary file, which the user does not know.
    let failed = |error: io::Error| Error::file("cannot write", path.display(), error.kind().into());
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if target.metadata().is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir()) {
        let mut file = std::fs::OpenOptions::new().write(true).open(&target).map_err(failed)?;
        return file.write_all(bytes).and_then(|()| file.flush()).map_err(failed);
    }
    let directory = check_parent(&target)?;
    let mut file = tempfile::NamedTempFile::new_in(directory).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    file.persist(&target).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Makes a file and hands it over to be written as it comes.
pub fn create(path: &Path) -> Outcome<std::fs::File> {
    std::fs::File::create(path).map_err(|error| Error::file("cannot write", path.display(), error))
}

/// Makes a directory that only we can read, with those above it.
pub fn make_private_directory(path: &Path) -> Outcome<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| Error::file("cannot create", path.display(), error))
}

/// A directory that is filled before it has its name, and goes with everything in it if it never gets it.
pub struct NewDirectory(tempfile::TempDir);

impl NewDirectory {
    /// Where a directory of that name will be; the one it will be in must be there.
    pub fn beside(path: &Path) -> Outcome<Self> {
        let parent = check_parent(path)?;
        let made = tempfile::Builder::new().prefix(".new-").tempdir_in(parent);
        made.map(Self).map_err(|error| Error::file("cannot write", path.display(), error.kind().into()))
    }

    /// Where it is until then.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Gives it its name, which nothing but an empty directory may have.
    pub fn put(self, path: &Path) -> Outcome<()> {
        std::fs::rename(self.path(), path)
            .map_err(|error| Error::file("cannot write", path.display(), error.kind().into()))?;
        // Nothing is where it was.
        let _ = self.0.keep();
        Ok(())
    }
}

/// Names of what is in a directory, in order; none if it is not there.
pub fn names(directory: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(directory) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    names
}

/// Whether something is there.
pub fn exists(path: &Path) -> bool {
    path.exists()
}

/// Whether a directory is there.
pub fn is_directory(path: &Path) -> bool {
    path.is_dir()
}
