//! The audit trail of this installation, and what a report says of it.

use std::{
    borrow::Borrow,
    io::Read,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

pub(crate) use invar_host::ledger::{Ledger, Succeeded, Why, bounded, hash, host, lock, now_ms, settings};
use invar_host::{
    TrailError,
    ledger::{self, LedgerOptions},
};
use invar_ledger::{LogError, Policy, Settings, note::KeyName};
use invar_monitor::{Report, Status};
use zeroize::Zeroizing;

use self::passphrase::passphrase;

use crate::{
    error::{Error, Outcome},
    files,
    home::Home,
    out::{self, Out},
    witnesses,
};

/// Bytes of a passphrase that are read. Stops a pipe without an end.
const PASSPHRASE_BYTES_MAX: u64 = 4096;

/// The trail of this installation.
pub(crate) fn options(home: &Home) -> Outcome<LedgerOptions> {
    Ok(LedgerOptions { directory: home.ledger(), passphrase: passphrase()?, warn: out::warn })
}

/// Opens it for writing, or creates it.
pub(crate) fn open(home: &Home) -> Outcome<Ledger> {
    Ok(Ledger::open(&options(home)?)?)
}

/// Sets the trail aside, and begins another. None if there is nothing wrong with it, and it is not full.
pub(crate) fn succeed(home: &Home, why: &Why<'_>) -> Outcome<Option<Succeeded>> {
    Ok(ledger::succeed(&options(home)?, why)?)
}

/// Begins a trail with these settings.
pub(crate) fn init(home: &Home, settings: &Settings) -> Outcome<Ledger> {
    KeyName::new(&settings.origin).map_err(|error| Error::Usage(format!("--origin: {error}")))?;
    Ok(Ledger::init(&options(home)?, settings)?)
}

/// Has the audit trail cosigned as the report of a monitoring left it, if there is a policy with witnesses to ask, and notes
/// that in the report. Returns the contradiction of a witness, if there is one: the report exists in any case.
pub(crate) fn witness(
    ledger: Ledger,
    home: &Home,
    report: &mut Report,
    out: &mut Out,
) -> Outcome<Option<Error>> {
    let policy = policy_beside(&home.ledger())?;
    let asked = policy.filter(|policy| policy.witnesses().iter().any(|witness| witness.url.is_some()));
    let (Some(policy), Some(mut block)) = (asked, report.ledger.clone()) else { return Ok(None) };
    let noticed = ledger.noticed();
    match witnesses::publish(ledger, home, &policy, out) {
        Ok(signed) => {
            let cosigned = || {
                policy
                    .witnesses()
                    .iter()
                    .map(|witness| &witness.key)
                    .filter(|key| signed.cosigned_by(key).is_some())
            };
            if policy.satisfied_by(cosigned()) {
                let names: Vec<String> = cosigned().map(|key| key.name().to_string()).collect();
                block.witnessed = true;
                block.trust_status = format!("witnessed by {}", names.join(", "));
            }
            report.recorded(block, Status::Pass, noticed.as_deref());
            Ok(None)
        }
        Err(Error::Audit(against)) => {
            block.trust_status.clone_from(&against);
            report.recorded(block, Status::Fail, noticed.as_deref());
            Ok(Some(Error::Audit(against)))
        }
        Err(other) => Err(other),
    }
}

/// The witness policy in the directory of a trail.
pub(crate) fn policy_beside(path: &Path) -> Outcome<Option<Policy>> {
    let path = path.join("policy");
    if !files::exists(&path) {
        return Ok(None);
    }
    let policy = Policy::parse(&files::read(&path)?);
    policy.map(Some).map_err(|error| Error::Input(format!("{}: {error}", path.display())))
}

/// An error of a trail, with what to do.
pub(crate) fn trail_error(path: &Path, source: impl Borrow<LogError>) -> Error {
    Error::Input(TrailError::text(path, source.borrow()))
}

#[expect(clippy::disallowed_methods, reason = "the user says by variables what the keys are sealed with")]
mod passphrase {
    use super::{Error, Mutex, Outcome, PASSPHRASE_BYTES_MAX, PathBuf, PoisonError, Read, Zeroizing};

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
}
