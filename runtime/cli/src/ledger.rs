//! The audit trail of this installation, and what a report says of it.

mod cosign;
mod passphrase;
mod trail;

pub(crate) use invar_host::ledger::{Why, bounded, hash, host, now_ms, settings};

pub(crate) use self::{
    cosign::witness,
    trail::{init, open, options, policy_beside, succeed, trail_error},
};
