//! The trail of this installation: opened, begun, or replaced.

use std::{borrow::Borrow, path::Path};

use invar_host::{
    TrailError,
    ledger::{self, Ledger, LedgerOptions, Succeeded, Why},
};
use invar_ledger::{LogError, Policy, Settings, note::KeyName};

use super::passphrase::passphrase;
use crate::{
    error::{Error, Outcome},
    files,
    home::Home,
    out,
};

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
