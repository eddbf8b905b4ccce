//! The secrets of a log, as they are kept: open to whoever reads the file, or sealed by a passphrase.

use argon2::Argon2;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit, aead::Aead};
use minicbor::{
    Decode, Encode,
    bytes::{ByteArray, ByteVec},
};
use thiserror::Error;
use zeroize::{Zeroize, Zeroizing};

use crate::{
    cbor::append,
    keys::{EpochSecret, Seed},
    note::SEED_BYTES,
};

/// Bytes of the file at most.
pub const KEY_FILE_BYTES_MAX: u64 = 4096;
/// Bytes of salt.
pub const SALT_BYTES: usize = 16;

/// What a log must keep to itself.
#[derive(Clone)]
pub struct Secrets {
    /// Signs what is published.
    pub log: Seed,
    /// Signs what is written.
    pub epoch: EpochSecret,
    /// Index of the event that its epoch begins with: a log that does not come to it was cut.
    pub first: u64,
}

/// What seals the file: a key that a passphrase was stretched to.
#[derive(Clone)]
pub struct Sealing {
    key: Seed,
    salt: [u8; SALT_BYTES],
}

/// A file that gives no secrets.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyFileError {
    /// Not such a file.
    #[error(
        "the key file is damaged: without it nothing can be written to this log; put it back from a copy of the same time, or begin a new log"
    )]
    Damaged,
    /// Sealed, and no passphrase was given.
    #[error("the key file is sealed: give its passphrase")]
    Sealed,
    /// A passphrase was given for a file that is not sealed.
    #[error("a passphrase was given, and the key file is not sealed: whoever reads it can sign")]
    Open,
    /// Another passphrase.
    #[error("the passphrase is not the one that the key file was sealed with")]
    WrongPassphrase,
    /// The platform has no memory for it.
    #[error("the passphrase could not be stretched: {0}")]
    Stretching(String),
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct Plain {
    #[n(0)]
    log: ByteArray<SEED_BYTES>,
    #[n(1)]
    epoch: u32,
    #[n(2)]
    seed: ByteArray<SEED_BYTES>,
    #[n(3)]
    first: u64,
}

#[derive(Encode, Decode)]
enum File {
    #[n(0)]
    Open(#[n(0)] ByteVec),
    #[n(1)]
    Sealed {
        #[n(0)]
        salt: ByteArray<SALT_BYTES>,
        #[n(1)]
        nonce: ByteArray<12>,
        #[n(2)]
        text: ByteVec,
    },
}

impl Sealing {
    /// Stretches a passphrase (Argon2id with the parameters that RFC 9106 recommends second, of which the crate's own
    /// defaults are the OWASP form).
    ///
    /// # Errors
    /// The platform has no memory for it.
    pub fn new(passphrase: &[u8], salt: [u8; SALT_BYTES]) -> Result<Self, KeyFileError> {
        let mut key = Zeroizing::new([0; SEED_BYTES]);
        Argon2::default()
            .hash_password_into(passphrase, &salt, key.as_mut_slice())
            .map_err(|error| KeyFileError::Stretching(error.to_string()))?;
        Ok(Self { key, salt })
    }
}

/// The file with these secrets.
///
/// The nonce is the number of the epoch and where it began: all else follows from the log, so the same nonce seals the same
/// bytes, whatever copies of the log are gone on with.
#[must_use]
pub fn write(secrets: &Secrets, sealing: Option<&Sealing>) -> Zeroizing<Vec<u8>> {
    let mut plain = Plain {
        log: (*secrets.log).into(),
        epoch: secrets.epoch.epoch(),
        seed: (**secrets.epoch.seed()).into(),
        first: secrets.first,
    };
    // Large enough from the start: a buffer that grows leaves what was in it behind.
    let mut inner = Zeroizing::new(Vec::with_capacity(128));
    append(&plain, &mut inner);
    plain.log.zeroize();
    plain.seed.zeroize();
    let mut file = Zeroizing::new(Vec::with_capacity(256));
    match sealing {
        None => append(&File::Open(inner.to_vec().into()), &mut file),
        Some(sealing) => {
            let mut nonce = [0; 12];
            nonce[..4].copy_from_slice(&secrets.epoch.epoch().to_be_bytes());
            nonce[4..].copy_from_slice(&secrets.first.to_be_bytes());
            let cipher = ChaCha20Poly1305::new(&(*sealing.key).into());
            // It fails for more than 256 GB only.
            let text = cipher.encrypt(&nonce.into(), inner.as_slice()).unwrap_or_default();
            append(
                &File::Sealed { salt: sealing.salt.into(), nonce: nonce.into(), text: text.into() },
                &mut file,
            );
        }
    }
    file
}

/// The secrets in a file, and what seals it from now on.
///
/// # Errors
/// See [`KeyFileError`].
pub fn read(bytes: &[u8], passphrase: Option<&[u8]>) -> Result<(Secrets, Option<Sealing>), KeyFileError> {
    let file: File = minicbor::decode(bytes).map_err(|_| KeyFileError::Damaged)?;
    let (inner, sealing) = match (file, passphrase) {
        (File::Open(inner), None) => (Zeroizing::new(inner.into()), None),
        (File::Open(_), Some(_)) => return Err(KeyFileError::Open),
        (File::Sealed { .. }, None) => return Err(KeyFileError::Sealed),
        (File::Sealed { salt, nonce, text }, Some(passphrase)) => {
            let sealing = Sealing::new(passphrase, salt.into())?;
            let cipher = ChaCha20Poly1305::new(&(*sealing.key).into());
            let nonce: [u8; 12] = nonce.into();
            let inner =
                cipher.decrypt(&nonce.into(), text.as_slice()).map_err(|_| KeyFileError::WrongPassphrase)?;
            (Zeroizing::new(inner), Some(sealing))
        }
    };
    let plain: Plain = minicbor::decode(&inner).map_err(|_| KeyFileError::Damaged)?;
    let seed = Zeroizing::new(plain.seed.into());
    let epoch = EpochSecret::new(plain.epoch, seed);
    Ok((Secrets { log: Zeroizing::new(plain.log.into()), epoch, first: plain.first }, sealing))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets() -> Secrets {
        let epoch = EpochSecret::new(3, Zeroizing::new([2; 32]));
        Secrets { log: Zeroizing::new([1; 32]), epoch, first: 77 }
    }

    fn same(read: &Secrets) -> bool {
        let secrets = secrets();
        (&read.log, read.epoch.epoch(), read.epoch.seed(), read.first)
            == (&secrets.log, 3, secrets.epoch.seed(), secrets.first)
    }

    #[test]
    fn secrets_come_back() {
        let (read, sealing) = super::read(&write(&secrets(), None), None).unwrap();
        assert!(same(&read) && sealing.is_none());
    }

    #[test]
    fn a_sealed_file_opens_for_its_passphrase_alone() {
        let sealing = Sealing::new(b"correct horse", [9; SALT_BYTES]).unwrap();
        let file = write(&secrets(), Some(&sealing));
        assert!(!file.windows(32).any(|window| window == [1; 32] || window == [2; 32]));
        let (read, again) = super::read(&file, Some(b"correct horse")).unwrap();
        assert!(same(&read));
        assert_eq!(*write(&read, again.as_ref()), *file);
        let error = |passphrase: Option<&[u8]>| super::read(&file, passphrase).err().unwrap();
        assert_eq!(error(Some(b"wrong horse")), KeyFileError::WrongPassphrase);
        assert_eq!(error(None), KeyFileError::Sealed);
        assert_eq!(super::read(&file[..20], None).err(), Some(KeyFileError::Damaged));
    }
}
