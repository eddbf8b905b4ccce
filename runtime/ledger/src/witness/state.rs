//! What a witness saw last of each log, on disk.
//!
//! A log has one file, named by the SHA-256 of its origin in hexadecimal: the latest checkpoint that was cosigned, as a
//! note with the log's signature, which proves what the log showed. It is replaced as a whole: written beside it, synced,
//! renamed, and the directory synced. `lock` is held by the witness that uses the directory.

#![expect(clippy::disallowed_methods, reason = "the state of a witness is files of its operator")]

use std::{
    collections::HashMap,
    fs::{self, File, TryLockError},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use thiserror::Error;

use crate::{Checkpoint, Hash, SignedCheckpoint, checkpoint::SignedCheckpointError, note::NOTE_BYTES_MAX};

const LOCK: &str = "lock";

/// The latest checkpoint of each log, in memory and on disk.
#[derive(Debug)]
pub struct State {
    directory: PathBuf,
    latest: HashMap<String, Checkpoint>,
    /// Locked as long as it is open.
    _lock: File,
}

/// Why a state cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StateError {
    /// The system does not let it.
    #[error("cannot {what} {}: {source}", .path.display())]
    Io {
        /// What was to be done.
        what: &'static str,
        /// With what.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Another witness has it.
    #[error("{} is in use by another witness; stop that one, or give this one a directory of its own", .0.display())]
    InUse(PathBuf),
    /// A file that is none of ours, or was changed.
    #[error(
        "{} does not hold the latest checkpoint: {source}; restore it, as without it the witness could be made to \
         cosign what the log took back",
        .path.display()
    )]
    Broken {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        source: SignedCheckpointError,
    },
    /// A file of another log.
    #[error("{} holds a checkpoint of another log than {origin:?}; restore the file of that log", .path.display())]
    OtherLog {
        /// Which.
        path: PathBuf,
        /// The log that it should be of.
        origin: String,
    },
    /// A checkpoint that is older than the latest.
    #[error("the log {origin:?} had {latest} leaves, and {size} are not kept after that")]
    Older {
        /// Which log.
        origin: String,
        /// Leaves of the latest checkpoint.
        latest: u64,
        /// Leaves of the one that was to be kept.
        size: u64,
    },
}

impl State {
    /// The state in that directory, which is made if it is not there. All that was seen of these logs is read.
    ///
    /// # Errors
    /// If another witness uses it, or a file is there that cannot be read: that is never taken for a log of which nothing
    /// was seen.
    pub fn open<'o>(
        directory: &Path,
        origins: impl IntoIterator<Item = &'o str>,
    ) -> Result<Self, StateError> {
        fs::create_dir_all(directory).map_err(failed("make", directory))?;
        let path = directory.join(LOCK);
        let mut options = File::options();
        let lock =
            options.create(true).truncate(false).write(true).open(&path).map_err(failed("open", &path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StateError::InUse(directory.to_owned())),
            Err(TryLockError::Error(source)) => return Err(failed("lock", &path)(source)),
        }
        let mut state = Self { directory: directory.to_owned(), latest: HashMap::new(), _lock: lock };
        for origin in origins {
            if let Some(checkpoint) = read(&state.path(origin), origin)? {
                state.latest.insert(origin.to_owned(), checkpoint);
            }
        }
        Ok(state)
    }

    /// The latest checkpoint of the log that was kept.
    #[must_use]
    pub fn latest(&self, origin: &str) -> Option<&Checkpoint> {
        self.latest.get(origin)
    }

    /// Keeps it as the latest of its log. It is on disk when this returns.
    ///
    /// # Errors
    /// If it is older than the latest, or cannot be written; the latest is then what it was.
    pub fn keep(&mut self, signed: &SignedCheckpoint) -> Result<(), StateError> {
        let checkpoint = signed.checkpoint();
        let (origin, size) = (checkpoint.origin(), checkpoint.size());
        match self.latest.get(origin) {
            Some(latest) if latest == checkpoint => return Ok(()),
            Some(latest) if latest.size() > size => {
                return Err(StateError::Older { origin: origin.to_owned(), latest: latest.size(), size });
            }
            _ => {}
        }
        let path = self.path(origin);
        let beside = path.with_extension("new");
        let mut file = File::create(&beside).map_err(failed("create", &beside))?;
        let written = file.write_all(signed.to_string().as_bytes()).and_then(|()| file.sync_all());
        written.map_err(failed("write", &beside))?;
        drop(file);
        fs::rename(&beside, &path).map_err(failed("replace", &path))?;
        sync_directory(&self.directory).map_err(failed("sync", &self.directory))?;
        self.latest.insert(origin.to_owned(), checkpoint.clone());
        Ok(())
    }

    fn path(&self, origin: &str) -> PathBuf {
        self.directory.join(Hash::of(origin.as_bytes()).to_string())
    }
}

/// The checkpoint of a file; nothing only if there is no file.
fn read(path: &Path, origin: &str) -> Result<Option<Checkpoint>, StateError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed("open", path)(error)),
    };
    let mut bytes = Vec::new();
    // One more than a note may have, which is then refused.
    let limit = NOTE_BYTES_MAX as u64 + 1;
    file.take(limit).read_to_end(&mut bytes).map_err(failed("read", path))?;
    let signed = SignedCheckpoint::parse(&bytes)
        .map_err(|source| StateError::Broken { path: path.to_owned(), source })?;
    if signed.checkpoint().origin() != origin {
        return Err(StateError::OtherLog { path: path.to_owned(), origin: origin.to_owned() });
    }
    Ok(Some(signed.checkpoint().clone()))
}

/// Lets a rename in the directory outlast a power cut. Elsewhere than on Unix directories cannot be synced.
fn sync_directory(directory: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
}

fn failed(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StateError {
    let path = path.to_owned();
    move |source| StateError::Io { what, path, source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::signer;

    const LOG: &str = "log.example/1";

    fn signed(size: u64, root: &[u8]) -> SignedCheckpoint {
        SignedCheckpoint::sign(Checkpoint::new(LOG, size, Hash::of(root)).unwrap(), &signer(LOG)).unwrap()
    }

    #[test]
    fn what_was_kept_is_there_after_a_restart() {
        let directory = tempfile::tempdir().unwrap();
        let mut state = State::open(directory.path(), [LOG]).unwrap();
        assert_eq!(state.latest(LOG), None);
        for size in [3, 3, 7] {
            state.keep(&signed(size, b"root")).unwrap();
        }
        drop(state);
        let state = State::open(directory.path(), [LOG, "log.example/2"]).unwrap();
        assert_eq!(state.latest(LOG), Some(signed(7, b"root").checkpoint()));
        assert_eq!(state.latest("log.example/2"), None);
        // The log's signature is kept, too.
        let bytes = fs::read(state.path(LOG)).unwrap();
        assert_eq!(SignedCheckpoint::parse(&bytes), Ok(signed(7, b"root")));
    }

    #[test]
    fn nothing_goes_back() {
        let directory = tempfile::tempdir().unwrap();
        let mut state = State::open(directory.path(), [LOG]).unwrap();
        state.keep(&signed(7, b"root")).unwrap();
        assert!(matches!(state.keep(&signed(6, b"root")), Err(StateError::Older { latest: 7, size: 6, .. })));
        assert_eq!(state.latest(LOG), Some(signed(7, b"root").checkpoint()));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_an_error() {
        let directory = tempfile::tempdir().unwrap();
        let path = State::open(directory.path(), [LOG]).unwrap().path(LOG);
        let open = || State::open(directory.path(), [LOG]);
        for broken in
            [String::new(), signed(7, b"root").to_string()[..40].to_owned(), "x".repeat(NOTE_BYTES_MAX + 9)]
        {
            fs::write(&path, broken).unwrap();
            assert!(matches!(open(), Err(StateError::Broken { .. })));
        }
        fs::write(&path, signed(7, b"root").to_string().replace("log.example/1", "log.example/2")).unwrap();
        assert!(matches!(open(), Err(StateError::OtherLog { .. })));
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(matches!(open(), Err(StateError::Io { .. })));
        // Of a log that is not known any more, nothing is read.
        assert!(State::open(directory.path(), []).is_ok());
    }

    #[test]
    fn what_cannot_be_written_is_not_kept() {
        let directory = tempfile::tempdir().unwrap();
        let mut state = State::open(directory.path(), [LOG]).unwrap();
        state.keep(&signed(3, b"root")).unwrap();
        fs::create_dir(state.path(LOG).with_extension("new")).unwrap();
        assert!(matches!(state.keep(&signed(7, b"root")), Err(StateError::Io { .. })));
        assert_eq!(state.latest(LOG), Some(signed(3, b"root").checkpoint()));
    }

    #[test]
    fn one_witness_has_it_at_a_time() {
        let directory = tempfile::tempdir().unwrap();
        let first = State::open(directory.path(), [LOG]).unwrap();
        assert!(matches!(State::open(directory.path(), [LOG]), Err(StateError::InUse(_))));
        drop(first);
        assert!(State::open(directory.path(), [LOG]).is_ok());
    }
}
