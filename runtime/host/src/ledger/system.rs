//! What a trail takes of the host: its lock, its clock, its entropy; and what events may hold.

#![expect(
    clippy::disallowed_methods,
    reason = "what is on record is dated by the host's clock, and keyed by its entropy"
)]

use std::{
    fs, io,
    path::Path,
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use invar_ledger::{Entropy, Hash, LogError, Settings, disk::Directory};
use invar_trace::shortened;
use invar_world::Digest;
use zeroize::Zeroizing;

use crate::error::{Error, Outcome};

/// How long to wait for another command that writes to the same trail.
const WAIT_MAX: Duration = Duration::from_secs(30);
/// How often to try again.
const WAIT_STEP: Duration = Duration::from_millis(5);

/// Locks the files of the trail for writing. Waits for another command that holds the lock.
///
/// # Errors
/// Another holds it for too long, or it cannot be written.
pub fn lock(path: &Path) -> Outcome<Directory> {
    let since = Instant::now();
    loop {
        match Directory::writing(path) {
            Ok(disk) => return Ok(disk),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock && since.elapsed() < WAIT_MAX => {
                thread::sleep(WAIT_STEP);
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                return Err(Error::Input(format!(
                    "the audit trail in {} has been in use by another command for {} s; end that command, or set \
                     INVAR_HOME to another directory",
                    path.display(),
                    WAIT_MAX.as_secs()
                )));
            }
            Err(error) => {
                return Err(Error::Input(format!(
                    "the audit trail in {} cannot be written: {error}; nothing runs unrecorded: fix this, or set INVAR_HOME to a \
                     writable directory",
                    path.display()
                )));
            }
        }
    }
}

/// The settings of a new trail. Without a name it gets a random one.
///
/// # Errors
/// The host gives no random bytes.
pub fn settings(origin: Option<String>) -> Outcome<Settings> {
    let host = host();
    let origin = match origin {
        Some(origin) => origin,
        None => {
            let mut bytes = [0; 8];
            getrandom::fill(&mut bytes).map_err(|error| Error::Entropy(error.to_string()))?;
            format!("invar.local/{:016x}", u64::from_be_bytes(bytes))
        }
    };
    Ok(Settings::new(origin, host, concat!("invar ", env!("CARGO_PKG_VERSION")).into()))
}

/// Hash of the machine ID: enough to compare machines.
#[must_use]
pub fn host() -> Hash {
    let id = fs::read("/etc/machine-id").or_else(|_| fs::read("/etc/hostname")).unwrap_or_default();
    Hash::of_parts(&[b"invar/host/v1\n", &id])
}

pub(super) fn entropy() -> Result<Entropy, LogError> {
    let mut entropy = Entropy {
        log: Zeroizing::new([0; 32]),
        epoch: Zeroizing::new([0; 32]),
        nonce: [0; 32],
        salt: [0; 16],
    };
    let fill = |bytes: &mut [u8]| {
        getrandom::fill(bytes).map_err(|error| io_error("the host's entropy", io::Error::other(error)))
    };
    fill(entropy.log.as_mut_slice())?;
    fill(entropy.epoch.as_mut_slice())?;
    fill(&mut entropy.nonce)?;
    fill(&mut entropy.salt)?;
    Ok(entropy)
}

pub(super) fn io_error(name: &str, source: io::Error) -> LogError {
    LogError::Read { name: name.into(), source }
}

/// The host's clock, in milliseconds since 1970.
#[must_use]
pub fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// A digest as the ledger has it.
#[must_use]
pub fn hash(digest: Digest) -> Hash {
    Hash(digest.0)
}

/// A text that a skill or its publisher chose, cut to the length of an event: no text keeps a run from being recorded.
#[must_use]
pub fn bounded(text: &str) -> String {
    const TEXT_BYTES_MAX: usize = 1024;
    shortened(text.to_owned(), TEXT_BYTES_MAX)
}
