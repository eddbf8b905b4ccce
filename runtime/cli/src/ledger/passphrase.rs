//! The passphrase that the keys of the trail are sealed with.

#![expect(clippy::disallowed_methods, reason = "the user says by variables what the keys are sealed with")]

use std::{
    io::Read,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use zeroize::Zeroizing;

use crate::error::{Error, Outcome};

/// Bytes of a passphrase that are read. Stops a pipe without an end.
const PASSPHRASE_BYTES_MAX: u64 = 4096;

/// The passphrase of the keys, if the user gives one. A file descriptor can be read only once.
pub(super) fn passphrase() -> Outcome<Option<Zeroizing<Vec<u8>>>> {
    static GIVEN: Mutex<Option<Option<Zeroizing<Vec<u8>>>>> = Mutex::new(None);
    let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
    if given.is_none() {
        *given = Some(read_passphrase()?);
    }
    Ok(given.clone().flatten())
}

fn read_passphrase() -> Outcome<Option<Zeroizing<Vec<u8>>>> {
    if let Ok(text) = std::env::var("INVAR_LEDGER_PASSPHRASE") {
        return Ok(Some(Zeroizing::new(text.into_bytes())));
    }
    let Ok(number) = std::env::var("INVAR_LEDGER_PASSPHRASE_FD") else { return Ok(None) };
    let bad =
        |why: &str| Error::Usage(format!("INVAR_LEDGER_PASSPHRASE_FD={}: {why}", number.escape_debug()));
    let descriptor: u32 = number.parse().map_err(|_| bad("not the number of a file descriptor"))?;
    let path = PathBuf::from(format!("/dev/fd/{descriptor}"));
    let file = std::fs::File::open(path).map_err(|error| bad(&error.to_string()))?;
    let mut bytes = Zeroizing::new(Vec::new());
    file.take(PASSPHRASE_BYTES_MAX).read_to_end(&mut bytes).map_err(|error| bad(&error.to_string()))?;
    while bytes.last().is_some_and(|byte| b"\r\n".contains(byte)) {
        bytes.pop();
    }
    Ok(Some(bytes))
}
