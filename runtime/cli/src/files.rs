//! Files of the host: what the user names, and what came with a skill.

#![expect(
    clippy::disallowed_methods,
    reason = "this is where the command line reads and writes the user's files"
)]

use std::{
    io::{BufReader, Read, Write},
    path::Path,
};

use cap_std::{ambient_authority, fs::Dir};

use crate::error::{Error, Outcome};

/// Bytes of one file that is read. Stops a file made to fill memory.
pub(crate) const FILE_BYTES_MAX: u64 = 256 << 20;

/// Reads a file that the user named.
pub(crate) fn read(path: &Path) -> Outcome<Vec<u8>> {
    let failed = |error: std::io::Error| Error::Input(format!("cannot read {}: {error}", path.display()));
    let file = std::fs::File::open(path).map_err(failed)?;
    bounded(file, &path.display().to_string())
}

/// Opens a file to be read as it comes; whoever reads it bounds it.
pub(crate) fn open(path: &Path) -> Outcome<BufReader<std::fs::File>> {
    let failed = |error: std::io::Error| Error::Input(format!("cannot read {}: {error}", path.display()));
    Ok(BufReader::new(std::fs::File::open(path).map_err(failed)?))
}

/// Standard input, to be read as it comes.
pub(crate) fn stdin() -> BufReader<impl Read> {
    BufReader::new(std::io::stdin().lock())
}

/// Reads standard input.
pub(crate) fn read_stdin() -> Outcome<Vec<u8>> {
    bounded(std::io::stdin().lock(), "standard input")
}

fn bounded(from: impl Read, name: &str) -> Outcome<Vec<u8>> {
    let mut bytes = Vec::new();
    let failed = |error: std::io::Error| Error::Input(format!("cannot read {name}: {error}"));
    from.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(failed)?;
    match bytes.len() as u64 > FILE_BYTES_MAX {
        true => Err(Error::Input(format!("{name} is larger than {FILE_BYTES_MAX} bytes"))),
        false => Ok(bytes),
    }
}

/// Reads text.
pub(crate) fn text(bytes: Vec<u8>, name: &str) -> Outcome<String> {
    String::from_utf8(bytes).map_err(|error| {
        Error::Input(format!("{name} is not text: byte {} is not UTF-8", error.utf8_error().valid_up_to()))
    })
}

/// Opens a directory: nothing read through it leads out of it, by links or otherwise.
pub(crate) fn open_directory(path: &Path) -> Outcome<Dir> {
    Dir::open_ambient_dir(path, ambient_authority())
        .map_err(|error| Error::Input(format!("cannot open {}: {error}", path.display())))
}

/// Reads a file beneath a directory.
pub(crate) fn read_beneath(directory: &Dir, path: &str, shown: &str) -> Outcome<Vec<u8>> {
    let file = directory.open(path).map_err(|error| Error::Input(format!("cannot read {shown}: {error}")))?;
    bounded(file, shown)
}

/// Writes a file whole or not at all, and makes sure that it is on the disk.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Outcome<()> {
    let failed = |error: std::io::Error| Error::Internal(format!("cannot write {}: {error}", path.display()));
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(directory).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Makes a file and hands it over to be written as it comes.
pub(crate) fn create(path: &Path) -> Outcome<std::fs::File> {
    std::fs::File::create(path)
        .map_err(|error| Error::Input(format!("cannot write {}: {error}", path.display())))
}

/// Makes a directory that only we can read, with those above it.
pub(crate) fn make_private_directory(path: &Path) -> Outcome<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| Error::Internal(format!("cannot make {}: {error}", path.display())))
}

/// Names of what is in a directory, in order; none if it is not there.
pub(crate) fn names(directory: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(directory) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    names
}

/// Whether something is there.
pub(crate) fn exists(path: &Path) -> bool {
    path.exists()
}

/// Whether a directory is there.
pub(crate) fn is_directory(path: &Path) -> bool {
    path.is_dir()
}
