//! The key of a witness, in a file.

#![expect(clippy::disallowed_methods, reason = "a key is a file of its operator, made of the host's entropy")]

use std::{
    fs::{File, TryLockError},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use invar_ledger::{
    Hash,
    note::{KeyKind, KeyName, SEED_BYTES, Signer, VerifierKey},
};
use thiserror::Error;
use zeroize::Zeroizing;

/// Bytes of a key's file that are read: the digits, a newline, and what is too much.
const FILE_BYTES_MAX: u64 = 2 * SEED_BYTES as u64 + 2;

/// A key whose seed stands in a file, as 64 hexadecimal digits and a newline, for nobody but its owner to read.
#[derive(Debug)]
pub struct WitnessKey {
    signer: Signer,
    path: PathBuf,
    file: File,
}

/// Keeps other witnesses from taking the same key on this machine, as long as it is there.
#[derive(Debug)]
pub struct KeyHeld {
    _file: File,
}

/// Why there is no key.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WitnessKeyError {
    /// There is one already.
    #[error("{} is there already, and a key is never overwritten; take it, or choose another path", .0.display())]
    Exists(PathBuf),
    /// The system does not let it.
    #[error("cannot {what} the key {}: {source}", .path.display())]
    Io {
        /// What was to be done.
        what: &'static str,
        /// With what.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// No entropy.
    #[error("the system gave no random bytes for a key: {0}")]
    Entropy(getrandom::Error),
    /// Others may read it.
    #[error(
        "the key {} may be read by others (mode {mode:03o}); if nobody did, set 600 (chmod 600), else make another",
        .path.display()
    )]
    Open {
        /// Which.
        path: PathBuf,
        /// Who may do what with it.
        mode: u32,
    },
    /// Another witness has it.
    #[error("the key {} is in use by another witness; stop that one, or make another key", .0.display())]
    InUse(PathBuf),
    /// Not a seed.
    #[error("the key {} is not 64 hexadecimal digits and a newline; restore it", .0.display())]
    Form(PathBuf),
}

impl WitnessKey {
    /// A new key in a new file.
    ///
    /// # Errors
    /// If the file is there already, or cannot be written.
    pub fn create(path: &Path, name: KeyName) -> Result<Self, WitnessKeyError> {
        let mut seed = Zeroizing::new([0; SEED_BYTES]);
        getrandom::fill(&mut *seed).map_err(WitnessKeyError::Entropy)?;
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(|source| match source.kind() {
            io::ErrorKind::AlreadyExists => WitnessKeyError::Exists(path.to_owned()),
            _ => failed("create", path)(source),
        })?;
        let digits = Zeroizing::new(format!("{}\n", Hash(*seed)));
        let written = file.write_all(digits.as_bytes()).and_then(|()| file.sync_all());
        written.map_err(failed("write", path))?;
        Ok(Self { signer: Signer::new(name, &seed), path: path.to_owned(), file })
    }

    /// The key of a file.
    ///
    /// # Errors
    /// If it cannot be read, others may read it (on Unix), or it is not a seed.
    pub fn open(path: &Path, name: KeyName) -> Result<Self, WitnessKeyError> {
        let file = File::open(path).map_err(failed("open", path))?;
        // Of the file that is open, so that it cannot be another one by now.
        #[cfg(unix)]
        {
            let metadata = file.metadata().map_err(failed("read", path))?;
            let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777;
            if mode & 0o077 != 0 {
                return Err(WitnessKeyError::Open { path: path.to_owned(), mode });
            }
        }
        // All at once: a vector that grows leaves copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(256));
        (&file).take(FILE_BYTES_MAX).read_to_end(&mut bytes).map_err(failed("read", path))?;
        let digits = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
        let seed = str::from_utf8(digits).ok().and_then(Hash::from_hex);
        let seed = Zeroizing::new(seed.ok_or_else(|| WitnessKeyError::Form(path.to_owned()))?.0);
        Ok(Self { signer: Signer::new(name, &seed), path: path.to_owned(), file })
    }

    /// What its cosignatures are verified with: its vkey is to be published.
    #[must_use]
    pub fn verifier(&self) -> VerifierKey {
        self.signer.verifier(KeyKind::Cosignature)
    }

    /// To sign with it, and what keeps other witnesses from it: two with one key and a state each would cosign two histories.
    ///
    /// # Errors
    /// If another witness has it.
    pub fn hold(self) -> Result<(Signer, KeyHeld), WitnessKeyError> {
        match self.file.try_lock() {
            Ok(()) => Ok((self.signer, KeyHeld { _file: self.file })),
            Err(TryLockError::WouldBlock) => Err(WitnessKeyError::InUse(self.path)),
            Err(TryLockError::Error(source)) => Err(failed("lock", &self.path)(source)),
        }
    }
}

fn failed(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> WitnessKeyError {
    let path = path.to_owned();
    move |source| WitnessKeyError::Io { what, path, source }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn name() -> KeyName {
        KeyName::new("witness.example/1").unwrap()
    }

    #[test]
    fn a_key_is_made_once_and_found_again() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key");
        assert!(matches!(WitnessKey::open(&path, name()), Err(WitnessKeyError::Io { .. })));
        let made = WitnessKey::create(&path, name()).unwrap();
        let content = fs::read(&path).unwrap();
        assert_eq!(content.len(), 65);
        assert_eq!(WitnessKey::open(&path, name()).unwrap().verifier(), made.verifier());
        assert!(matches!(WitnessKey::create(&path, name()), Err(WitnessKeyError::Exists(_))));
        assert_eq!(fs::read(&path).unwrap(), content);
        let other = WitnessKey::create(&directory.path().join("other"), name()).unwrap();
        assert_ne!(other.verifier(), made.verifier());
        // Nothing of the seed is shown.
        assert!(!format!("{made:?}").contains(&String::from_utf8(content).unwrap()[..8]));
    }

    #[test]
    fn two_witnesses_do_not_hold_one_key() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key");
        let (_, held) = WitnessKey::create(&path, name()).unwrap().hold().unwrap();
        let again = || WitnessKey::open(&path, name()).unwrap().hold();
        assert!(matches!(again(), Err(WitnessKeyError::InUse(_))));
        drop(held);
        assert!(again().is_ok());
    }

    #[test]
    fn what_is_no_seed_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key");
        WitnessKey::create(&path, name()).unwrap();
        let digits = "a".repeat(64);
        for right in [digits.clone(), format!("{digits}\n")] {
            fs::write(&path, right).unwrap();
            assert!(WitnessKey::open(&path, name()).is_ok());
        }
        for wrong in
            ["", "\n", &digits[1..], &format!("{digits}a"), &format!("{digits}\n\n"), &"g".repeat(64)]
        {
            fs::write(&path, wrong).unwrap();
            assert!(matches!(WitnessKey::open(&path, name()), Err(WitnessKeyError::Form(_))), "{wrong:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;

        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key");
        WitnessKey::create(&path, name()).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        for mode in [0o640, 0o604, 0o620, 0o601] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert!(matches!(WitnessKey::open(&path, name()), Err(WitnessKeyError::Open { .. })), "{mode:o}");
        }
    }
}
