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

use invar_ledger::{
    Checkpoint, Hash, SignedCheckpoint, VerifierKey, checkpoint::SignedCheckpointError, disk::owner,
    note::NOTE_BYTES_MAX, text::quoted,
};
use thiserror::Error;

use crate::logs::Logs;

const LOCK: &str = "lock";
/// The file that says whose state it is: the vkey of the witness, and a newline.
const WITNESS: &str = "witness";
/// Bytes of it that are read: a vkey has some hundred.
const WITNESS_BYTES_MAX: u64 = 4096;

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
    #[error("{} is in use by another witness; stop that one, or give this one another directory", .0.display())]
    InUse(PathBuf),
    /// A file of something else, or one that was changed.
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
    /// A file that nobody who knows the log's key made so.
    #[error(
        "{} holds a checkpoint that no key which this witness knows for the log signed: it was changed, or the log has \
         another key now; restore it, and the key, as without them the witness could be made to cosign what the log \
         took back",
        .0.display()
    )]
    NotSigned(PathBuf),
    /// The state of somebody else.
    #[error(
        "{} is the state of the witness {owner}, and this is {key}; give this one another directory",
        .directory.display()
    )]
    OtherWitness {
        /// Which.
        directory: PathBuf,
        /// Whose it is, escaped.
        owner: String,
        /// Who asks for it.
        key: String,
    },
    /// Somebody else writes to it.
    #[error(
        "{} does not hold the checkpoint that this witness kept there: another one uses the directory, or it was \
         changed; stop that one, and begin again",
        .0.display()
    )]
    Elsewhere(PathBuf),
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
    pub fn open(directory: &Path, logs: &Logs, key: &VerifierKey) -> Result<Self, StateError> {
        fs::create_dir_all(directory).map_err(failed("make", directory))?;
        owner::check(directory).map_err(failed("use", directory))?;
        let path = directory.join(LOCK);
        let mut options = File::options();
        let lock =
            options.create(true).truncate(false).write(true).open(&path).map_err(failed("open", &path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StateError::InUse(directory.to_owned())),
            Err(TryLockError::Error(source)) => return Err(failed("lock", &path)(source)),
        }
        // A lock whose name stands for another file now keeps nobody out.
        if !owner::is_at(&lock, &path).map_err(failed("look at", &path))? {
            return Err(StateError::InUse(directory.to_owned()));
        }
        bind(directory, key)?;
        let mut state = Self { directory: directory.to_owned(), latest: HashMap::new(), _lock: lock };
        for origin in logs.origins() {
            let path = state.path(origin);
            if let Some(signed) = read(&path, origin)? {
                if logs.signed(&signed) != Some(true) {
                    return Err(StateError::NotSigned(path));
                }
                state.latest.insert(origin.to_owned(), signed.checkpoint().clone());
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
        // Another witness without the lock may have cosigned more: what it kept is not overwritten.
        let there = read(&path, origin)?;
        if there.as_ref().map(SignedCheckpoint::checkpoint) != self.latest.get(origin) {
            return Err(StateError::Elsewhere(path));
        }
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
fn read(path: &Path, origin: &str) -> Result<Option<SignedCheckpoint>, StateError> {
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
    Ok(Some(signed))
}

/// Makes the directory that of the witness with this key, or sees that it is: another one would cosign what this one refused.
fn bind(directory: &Path, key: &VerifierKey) -> Result<(), StateError> {
    let path = directory.join(WITNESS);
    let line = format!("{key}\n");
    match File::open(&path) {
        Ok(file) => {
            let mut there = Vec::new();
            file.take(WITNESS_BYTES_MAX).read_to_end(&mut there).map_err(failed("read", &path))?;
            match there == line.as_bytes() {
                true => Ok(()),
                false => Err(StateError::OtherWitness {
                    directory: directory.to_owned(),
                    owner: quoted(String::from_utf8_lossy(&there).trim_end()),
                    key: key.to_string(),
                }),
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let mut file =
                File::options().write(true).create_new(true).open(&path).map_err(failed("create", &path))?;
            let written = file.write_all(line.as_bytes()).and_then(|()| file.sync_all());
            written.map_err(failed("write", &path))?;
            sync_directory(directory).map_err(failed("sync", directory))
        }
        Err(error) => Err(failed("open", &path)(error)),
    }
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
    use invar_ledger::note::KeyKind;

    use super::*;
    use crate::testing::{LOG, signer, witness_key};

    fn logs(origins: &[&str]) -> Logs {
        Logs::of(origins.iter().map(|origin| signer(origin).verifier(KeyKind::Ed25519))).unwrap()
    }

    fn open(directory: &tempfile::TempDir, origins: &[&str]) -> Result<State, StateError> {
        State::open(directory.path(), &logs(origins), &witness_key())
    }

    fn signed(size: u64, root: &[u8]) -> SignedCheckpoint {
        SignedCheckpoint::sign(Checkpoint::new(LOG, size, Hash::of(root)).unwrap(), &signer(LOG)).unwrap()
    }

    #[test]
    fn what_was_kept_is_there_after_a_restart() {
        let directory = tempfile::tempdir().unwrap();
        let mut state = open(&directory, &[LOG]).unwrap();
        assert_eq!(state.latest(LOG), None);
        for size in [3, 3, 7] {
            state.keep(&signed(size, b"root")).unwrap();
        }
        drop(state);
        let state = open(&directory, &[LOG, "log.example/2"]).unwrap();
        assert_eq!(state.latest(LOG), Some(signed(7, b"root").checkpoint()));
        assert_eq!(state.latest("log.example/2"), None);
        // The log's signature is kept, too.
        let bytes = fs::read(state.path(LOG)).unwrap();
        assert_eq!(SignedCheckpoint::parse(&bytes), Ok(signed(7, b"root")));
    }

    #[test]
    fn nothing_goes_back() {
        let directory = tempfile::tempdir().unwrap();
        let mut state = open(&directory, &[LOG]).unwrap();
        state.keep(&signed(7, b"root")).unwrap();
        assert!(matches!(state.keep(&signed(6, b"root")), Err(StateError::Older { latest: 7, size: 6, .. })));
        assert_eq!(state.latest(LOG), Some(signed(7, b"root").checkpoint()));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_an_error() {
        let directory = tempfile::tempdir().unwrap();
        let path = open(&directory, &[LOG]).unwrap().path(LOG);
        let again = || open(&directory, &[LOG]);
        for broken in
            [String::new(), signed(7, b"root").to_string()[..40].to_owned(), "x".repeat(NOTE_BYTES_MAX + 9)]
        {
            fs::write(&path, broken).unwrap();
            assert!(matches!(again(), Err(StateError::Broken { .. })));
        }
        fs::write(&path, signed(7, b"root").to_string().replace("log.example/1", "log.example/2")).unwrap();
        assert!(matches!(again(), Err(StateError::OtherLog { .. })));
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(matches!(again(), Err(StateError::Io { .. })));
        // Of a log that is not known any more, nothing is read.
        assert!(open(&directory, &[]).is_ok());
    }

    #[test]
    fn what_cannot_be_written_is_not_kept() {
        let directory = tempfile::tempdir().unwrap();
        let mut state = open(&directory, &[LOG]).unwrap();
        state.keep(&signed(3, b"root")).unwrap();
        fs::create_dir(state.path(LOG).with_extension("new")).unwrap();
        assert!(matches!(state.keep(&signed(7, b"root")), Err(StateError::Io { .. })));
        assert_eq!(state.latest(LOG), Some(signed(3, b"root").checkpoint()));
    }

    #[test]
    fn one_witness_has_it_at_a_time() {
        let directory = tempfile::tempdir().unwrap();
        let first = open(&directory, &[LOG]).unwrap();
        assert!(matches!(open(&directory, &[LOG]), Err(StateError::InUse(_))));
        drop(first);
        assert!(open(&directory, &[LOG]).is_ok());
    }

    #[test]
    fn a_state_that_the_log_did_not_sign_is_refused_whichever_bit_was_flipped() {
        let directory = tempfile::tempdir().unwrap();
        let path = {
            let mut state = open(&directory, &[LOG]).unwrap();
            state.keep(&signed(7, b"root")).unwrap();
            state.path(LOG)
        };
        let whole = fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut bent = whole.clone();
            bent[at] ^= 1;
            fs::write(&path, &bent).unwrap();
            assert!(open(&directory, &[LOG]).is_err(), "byte {at}");
        }
        // Of another log, with a signature that holds.
        let theirs = SignedCheckpoint::sign(
            Checkpoint::new(LOG, 7, Hash::of(b"fork")).unwrap(),
            &signer("log.example/2"),
        )
        .unwrap();
        fs::write(&path, theirs.to_string()).unwrap();
        assert!(matches!(open(&directory, &[LOG]), Err(StateError::NotSigned(_))));
        fs::write(&path, whole).unwrap();
        assert!(open(&directory, &[LOG]).is_ok());
    }

    #[test]
    fn the_state_of_another_witness_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        drop(open(&directory, &[LOG]).unwrap());
        let other = signer("witness.example/2").verifier(KeyKind::Cosignature);
        let error = State::open(directory.path(), &logs(&[LOG]), &other).unwrap_err();
        assert!(matches!(error, StateError::OtherWitness { .. }), "{error}");
        assert!(open(&directory, &[LOG]).is_ok());
    }

    #[test]
    fn a_second_witness_without_the_lock_does_not_undo_what_the_first_kept() {
        let directory = tempfile::tempdir().unwrap();
        let mut first = open(&directory, &[LOG]).unwrap();
        first.keep(&signed(3, b"root")).unwrap();
        // As where locks do not work, or somebody removed the file.
        fs::remove_file(directory.path().join(LOCK)).unwrap();
        let mut second = open(&directory, &[LOG]).unwrap();
        second.keep(&signed(9, b"root")).unwrap();
        assert!(matches!(first.keep(&signed(5, b"fork")), Err(StateError::Elsewhere(_))));
        assert_eq!(
            open(&directory, &[LOG]).err().map(|error| error.to_string().contains("in use")),
            Some(true)
        );
        drop(second);
        assert_eq!(open(&directory, &[LOG]).unwrap().latest(LOG), Some(signed(9, b"root").checkpoint()));
    }

    #[cfg(unix)]
    #[test]
    fn a_directory_that_others_can_write_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o777)).unwrap();
        let error = open(&directory, &[LOG]).unwrap_err().to_string();
        assert!(error.contains("others may write the directory"), "{error}");
    }
}
