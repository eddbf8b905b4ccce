//! The audit trail of this installation, and what a report says of it.

mod passphrase;
mod trail;
mod verdict;

pub(crate) use invar_host::ledger::{RunIdentity, Why, bounded, hash, host, now_ms, settings};

pub(crate) use self::{
    trail::{init, open, options, policy_beside, succeed, trail_error},
    verdict::{add_verdict, finish},
};
