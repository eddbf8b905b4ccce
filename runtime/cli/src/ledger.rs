//! The audit trail of this installation, and what a report says of it.

use std::{
    borrow::Borrow,
    io::Read,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

pub(crate) use invar_host::ledger::{
    Ledger, RunIdentity, Succeeded, Why, bounded, hash, host, lock, now_ms, settings,
};
use invar_host::{
    TrailError,
    ledger::{self, LedgerOptions},
};
use invar_ledger::{
    Body, Hash, Head, LogError, Policy, Settings, body, note::KeyName, verify::NOT_WITNESSED,
};
use invar_monitor::{Confidence, LedgerBlock, Report, Status};
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

/// Adds the verdict of a report.
pub(crate) fn add_verdict(
    ledger: &mut Ledger,
    identity: &RunIdentity<'_>,
    report: &Report,
    first: u64,
    runs: usize,
) -> Outcome<()> {
    let findings: Vec<_> = report.findings().collect();
    let findings = serde_json::to_vec(&findings).map_err(|error| Error::Internal(error.to_string()))?;
    let confirmed =
        report.triggers.iter().filter(|trigger| trigger.confidence == Confidence::Confirmed).count();
    ledger.add(Body::Verdict(body::Verdict {
        component: hash(identity.component),
        report: report.id.clone(),
        verdict: report.verdict.to_string(),
        reason: bounded(&report.reason),
        first,
        runs: runs as u64,
        findings: Hash::of(&findings),
        confirmed: u32::try_from(confirmed).unwrap_or(u32::MAX),
    }))?;
    Ok(())
}

/// The position of the added events, for a report.
fn block(ledger: &Ledger, head: Head) -> LedgerBlock {
    LedgerBlock {
        log_id: ledger.log().id().to_string(),
        first: ledger.first(),
        last: head.size - 1,
        head: head.root.to_string(),
        witnessed: false,
        trust_status: NOT_WITNESSED.into(),
    }
}

/// Closes it, has it cosigned if there is a policy, and notes its position in the report. Returns the contradiction of a
/// witness, if there is one: the report exists in any case.
pub(crate) fn finish(
    mut ledger: Ledger,
    home: &Home,
    report: &mut Report,
    out: &mut Out,
) -> Outcome<Option<Error>> {
    let head = ledger.close()?;
    let noticed = ledger.noticed();
    let mut block = block(&ledger, head);
    let policy = policy_beside(&home.ledger())?;
    let Some(policy) = policy.filter(|policy| policy.witnesses().iter().any(|witness| witness.url.is_some()))
    else {
        report.recorded(block, Status::Pass, noticed.as_deref());
        return Ok(None);
    };
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
