//! `invar ledger`: the commands on the audit trail.

mod check;
mod checkpoint;
mod compact;
mod export;
mod prove;
mod show;
mod trail;
mod trust;
mod verify;

use std::path::Path;

use invar_ledger::{body::Signing, published};

use self::trail::ReadTrail;
use crate::{
    args::{LedgerCommand, SigningArg},
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
