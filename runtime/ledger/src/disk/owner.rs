//! Whose directory and files these are: what others can write, they can plant names in.

use std::{
    fs::{self, File},
    io,
    path::Path,
};

/// Whether a directory is ours alone to write.
///
/// # Errors
/// It is somebody else's, or others may write it (`PermissionDenied`); of the file system.
#[cfg(unix)]
#[expect(clippy::disallowed_methods, reason = "this is where the log looks at its directory")]
pub fn check(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let metadata = fs::metadata(path)?;
    let denied = |why: &str| Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return denied(
            "the directory is another user's, who could put files in the place of its keys: take another directory",
        );
    }
    if metadata.mode() & 0o022 != 0 {
        return denied(
            "others may write the directory, and could put files in the place of its keys: chmod 700 it, and look at what is in it",
        );
    }
    Ok(())
}

/// The same: not known on this platform.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn check(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Whether a file that is open to be written is a regular one of ours.
///
/// # Errors
/// It is not; of the file system.
pub(super) fn check_file(file: &File) -> io::Result<()> {
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    #[cfg(unix)]
    if std::os::unix::fs::MetadataExt::uid(&metadata) != rustix::process::geteuid().as_raw() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is another user's file"));
    }
    Ok(())
}

/// Whether the file that is open is the one that has that name now.
///
/// # Errors
/// Of the file system.
#[cfg(unix)]
#[expect(clippy::disallowed_methods, reason = "this is where the log looks at its files")]
pub fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let open = file.metadata()?;
    match fs::symlink_metadata(path) {
        Ok(metadata) => Ok((metadata.dev(), metadata.ino()) == (open.dev(), open.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// The same: not known on this platform.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn is_at(_: &File, _: &Path) -> io::Result<bool> {
    Ok(true)
}
