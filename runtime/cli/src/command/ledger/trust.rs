//! Whom a command believes: witnesses and keys that its options name.

use std::path::Path;

use invar_ledger::{Policy, VerifierKey};

use crate::{
    args::TrustArgs,
    error::{Error, Outcome},
    files, ledger,
};

/// The witnesses whose cosignatures count: those of `--witness`, of `--policy`, or of the policy in the directory of the
/// trail.
pub(super) fn policy(args: &TrustArgs, directory: Option<&Path>) -> Outcome<Policy> {
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

pub(super) fn vkey(option: &str, text: &str) -> Outcome<VerifierKey> {
    text.parse().map_err(|error| Error::Usage(format!("{option} {}: {error}", text.escape_debug())))
}
