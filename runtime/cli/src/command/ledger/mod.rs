//! `invar ledger`: the audit trail, looked at from outside.

mod check;
mod checkpoint;
mod compact;
mod export;
mod prove;
mod show;
mod verify;

use std::path::{Path, PathBuf};

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
    ledger::{self, Ledger, Why, told},
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
    let begun = Ledger::init(home, &settings)?;
    let key = published::log_key(begun.log().genesis()).map_err(|error| told(&home.ledger(), &error))?;
    out.result(&format!(
        "began the audit trail {} in {}\nits key, for those who verify it and for witnesses: {key}\n",
        begun.log().id().short(),
        home.ledger().display()
    ));
    Ok(exit::DONE)
}

fn rotate(home: &Home, out: &mut Out) -> Outcome {
    let mut ledger = Ledger::open(home)?;
    let path = home.ledger();
    let epoch = ledger.log_mut().rotate(ledger::now_ms()).map_err(|error| told(&path, &error))?;
    ledger.close()?;
    out.result(&format!("epoch {epoch} is on; the keys before it are wiped\n"));
    Ok(exit::DONE)
}

fn succeed(home: &Home, reason: Option<&str>, out: &mut Out) -> Outcome {
    if !files::is_directory(&home.ledger()) {
        return Err(Error::Usage("there is no audit trail to be succeeded: the first run begins one".into()));
    }
    match ledger::succeed(home, &reason.map_or(Why::Found, Why::Operator))? {
        Some(succeeded) => out.result(&format!("{}\n", escape::message(&succeeded.words()))),
        None => {
            return Err(Error::Usage(
                "nothing is wrong with the audit trail, and it is not full; say with --reason why another one is to \
                 take its place"
                    .into(),
            ));
        }
    }
    Ok(exit::DONE)
}

fn key(home: &Home, from: Option<&Path>, out: &mut Out) -> Outcome {
    let place = Trail::of(home, from)?;
    out.result(&format!("{}\n", place.key()?));
    Ok(exit::DONE)
}

/// A trail that is only read.
struct Trail {
    path: PathBuf,
    disk: Directory,
}

impl Trail {
    /// That of this installation, unless another is named.
    fn of(home: &Home, from: Option<&Path>) -> Outcome<Self> {
        let path = from.map_or_else(|| home.ledger(), Path::to_owned);
        if !files::is_directory(&path) {
            return Err(Error::Input(format!(
                "there is no audit trail in {}: it begins with the first run",
                path.display()
            )));
        }
        let trail = Self { disk: Directory::reading(&path), path };
        trail.check_begun()?;
        Ok(trail)
    }

    fn told(&self, error: &invar_ledger::LogError) -> Error {
        told(&self.path, error)
    }

    /// What the trail says it is.
    fn genesis(&self) -> Outcome<Genesis> {
        match reader::entry(&self.disk, 0).map_err(|error| self.told(&error))? {
            Some((Entry::Event { event, .. }, _)) => match event.body {
                invar_ledger::Body::Genesis(genesis) => Ok(genesis),
                _ => {
                    Err(Error::Input(format!("{}: it does not begin with its genesis", self.path.display())))
                }
            },
            _ => Err(Error::Input(format!("there is no audit trail in {}", self.path.display()))),
        }
    }

    /// Whether its beginning was cut short.
    fn check_begun(&self) -> Outcome<()> {
        match Log::is_half_made(&self.disk).map_err(|error| self.told(&error))? {
            true => Err(Error::Input(format!(
                "the beginning of an audit trail in {} was cut short, and nothing is on record in it; the next command \
                 that runs something begins it anew",
                self.path.display()
            ))),
            false => Ok(()),
        }
    }

    /// The key that its checkpoints are signed with, as it says itself.
    fn key(&self) -> Outcome<VerifierKey> {
        published::log_key(&self.genesis()?).map_err(|error| self.told(&error))
    }

    /// One event: what is left of it, and its leaf.
    fn entry(&self, index: u64) -> Outcome<(Entry, Hash)> {
        reader::entry(&self.disk, index).map_err(|error| self.told(&error))?.ok_or_else(|| {
            Error::Usage(format!("there is no event {index} in the audit trail in {}", self.path.display()))
        })
    }
}

/// Whose cosignatures count: those of the keys, of the policy, or of the policy that lies beside the trail.
fn policy(args: &TrustArgs, beside: Option<&Path>) -> Outcome<Policy> {
    if !args.witness.is_empty() {
        let keys: Vec<VerifierKey> =
            args.witness.iter().map(|text| vkey("--witness", text)).collect::<Outcome<_>>()?;
        return Policy::all_of(keys).map_err(|error| Error::Usage(format!("--witness: {error}")));
    }
    if let Some(path) = &args.policy {
        return Policy::parse(&files::read(path)?)
            .map_err(|error| Error::Input(format!("{}: {error}", path.display())));
    }
    let policy = beside.map(ledger::policy_beside).transpose()?;
    Ok(policy.flatten().unwrap_or_else(Policy::of_nobody))
}

fn vkey(option: &str, text: &str) -> Outcome<VerifierKey> {
    text.parse().map_err(|error| Error::Usage(format!("{option} {}: {error}", text.escape_debug())))
}
