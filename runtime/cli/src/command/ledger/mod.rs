//! `invar ledger`: the commands on the audit trail.

mod check;
mod checkpoint;
mod compact;
mod export;
mod prove;
mod show;
mod verify;

use std::{
    borrow::Borrow,
    path::{Path, PathBuf},
};

use invar_ledger::{
    Hash, Log, Policy, VerifierKey,
    body::{Genesis, Signing},
    disk::Directory,
    published,
    reader::{self, Entry},
};

use crate::{
    args::{LedgerCommand, SigningArg, TrustArgs},
    error::{Error, Outcome},
    escape, exit, files,
    home::Home,
    ledger::{self, Why, trail_error},
    out::Out,
};

pub(super) fn dispatch(command: &LedgerCommand, out: &mut Out) -> Outcome {
    let home = Home::find()?;
    match command {
        LedgerCommand::Init { origin, sign } => init(&home, origin.clone(), *sign, out),
        LedgerCommand::Verify(args) => verify::verify(&home, args, out),
        LedgerCommand::Check(args) => check::check(args, out),
        LedgerCommand::Show(args) => show::show(&home, args, out),
        LedgerCommand::Prove(args) => prove::prove(&home, args, out),
        LedgerCommand::Receipt(args) => prove::receipt(&home, args, out),
        LedgerCommand::Checkpoint(args) => checkpoint::checkpoint(&home, args, out),
        LedgerCommand::Export(args) => export::export(&home, args, out),
        LedgerCommand::Import { file, to } => export::import(file, to, out),
        LedgerCommand::Compact { keep_days } => compact::compact(&home, *keep_days, out),
        LedgerCommand::Rotate => rotate(&home, out),
        LedgerCommand::Succeed { reason } => succeed(&home, reason.as_deref(), out),
        LedgerCommand::Key { from } => key(&home, from.as_deref(), out),
    }
}

fn init(home: &Home, origin: Option<String>, sign: SigningArg, out: &mut Out) -> Outcome {
    let mut settings = ledger::settings(origin)?;
    settings.signing = match sign {
        SigningArg::Batch => Signing::Batch,
        SigningArg::Each => Signing::Each,
    };
    let ledger = ledger::init(home, &settings)?;
    let key =
        published::log_key(ledger.log().genesis()).map_err(|error| trail_error(&home.ledger(), error))?;
    out.result(&format!(
        "created the audit trail {} in {}\nits key, for verifiers and witnesses: {key}\n",
        ledger.log().id().short(),
        home.ledger().display()
    ));
    Ok(exit::DONE)
}

fn rotate(home: &Home, out: &mut Out) -> Outcome {
    let mut ledger = ledger::open(home)?;
    let path = home.ledger();
    let epoch = ledger.log_mut().rotate(ledger::now_ms()).map_err(|error| trail_error(&path, error))?;
    ledger.close()?;
    out.result(&format!("started epoch {epoch}; the earlier keys are wiped\n"));
    Ok(exit::DONE)
}

fn succeed(home: &Home, reason: Option<&str>, out: &mut Out) -> Outcome {
    if !files::is_directory(&home.ledger()) {
        return Err(Error::Usage("there is no audit trail to replace: the first run creates one".into()));
    }
    match ledger::succeed(home, &reason.map_or(Why::Found, Why::Operator))? {
        Some(succeeded) => out.result(&format!("{}\n", escape::message(&succeeded.words()))),
        None => {
            return Err(Error::Usage(
                "the audit trail is neither damaged nor full; give a --reason to replace it anyway".into(),
            ));
        }
    }
    Ok(exit::DONE)
}

fn key(home: &Home, from: Option<&Path>, out: &mut Out) -> Outcome {
    let place = ReadTrail::of(home, from)?;
    out.result(&format!("{}\n", place.key()?));
    Ok(exit::DONE)
}

/// A trail that is only read.
struct ReadTrail {
    path: PathBuf,
    disk: Directory,
}

impl ReadTrail {
    /// The trail of this installation, or another that is named.
    fn of(home: &Home, from: Option<&Path>) -> Outcome<Self> {
        let path = from.map_or_else(|| home.ledger(), Path::to_owned);
        if !files::is_directory(&path) {
            return Err(Error::Input(format!(
                "there is no audit trail in {}: the first run creates it",
                path.display()
            )));
        }
        let place = Self { disk: Directory::reading(&path), path };
        place.check_begun()?;
        Ok(place)
    }

    fn error(&self, error: impl Borrow<invar_ledger::LogError>) -> Error {
        trail_error(&self.path, error)
    }

    /// The genesis event.
    fn genesis(&self) -> Outcome<Genesis> {
        match reader::entry(&self.disk, 0).map_err(|error| self.error(error))? {
            Some((Entry::Event { event, .. }, _)) => match event.body {
                invar_ledger::Body::Genesis(genesis) => Ok(genesis),
                _ => Err(Error::Input(format!(
                    "{}: it does not begin with a genesis event",
                    self.path.display()
                ))),
            },
            _ => Err(Error::Input(format!("there is no audit trail in {}", self.path.display()))),
        }
    }

    /// Checks that its creation was completed.
    fn check_begun(&self) -> Outcome<()> {
        match Log::is_half_made(&self.disk).map_err(|error| self.error(error))? {
            true => Err(Error::Input(format!(
                "the creation of the audit trail in {} was interrupted, and nothing is recorded in it; the next run creates \
                 it again",
                self.path.display()
            ))),
            false => Ok(()),
        }
    }

    /// The key of its checkpoints, from its genesis event.
    fn key(&self) -> Outcome<VerifierKey> {
        published::log_key(&self.genesis()?).map_err(|error| self.error(error))
    }

    /// One event, or its tombstone, and its leaf.
    fn entry(&self, index: u64) -> Outcome<(Entry, Hash)> {
        reader::entry(&self.disk, index).map_err(|error| self.error(error))?.ok_or_else(|| {
            Error::Usage(format!("there is no event {index} in the audit trail in {}", self.path.display()))
        })
    }
}

/// The witnesses whose cosignatures count: those of `--witness`, of `--policy`, or of the policy in the directory of the
/// trail.
fn policy(args: &TrustArgs, directory: Option<&Path>) -> Outcome<Policy> {
    if !args.witness.is_empty() {
        let keys: Vec<VerifierKey> =
            args.witness.iter().map(|text| vkey("--witness", text)).collect::<Outcome<_>>()?;
        return Policy::all_of(keys).map_err(|error| Error::Usage(format!("--witness: {error}")));
    }
    if let Some(path) = &args.policy {
        return Policy::parse(&files::read(path)?)
            .map_err(|error| Error::Input(format!("{}: {error}", path.display())));
    }
    let policy = directory.map(ledger::policy_beside).transpose()?;
    Ok(policy.flatten().unwrap_or_else(Policy::of_nobody))
}

fn vkey(option: &str, text: &str) -> Outcome<VerifierKey> {
    text.parse().map_err(|error| Error::Usage(format!("{option} {}: {error}", text.escape_debug())))
}
