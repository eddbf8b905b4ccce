//! Witnesses confirm that a log shows everybody the same history and never rolls back (c2sp.org/tlog-witness).
//!
//! A witness remembers the latest checkpoint of each log it knows, and cosigns the next one if a proof shows that it
//! continues that one. [`Witness`] decides and cosigns, [`Server`] speaks HTTP for it, and [`Client`] sends requests to the
//! witnesses of others. All network code for audit trails is in this crate; verifying needs `invar-ledger` alone.

#[cfg(test)]
mod attacks;
pub mod client;
pub mod cosign;
pub mod decision;
pub mod key;
pub mod logs;
pub mod request;
pub mod response;
pub mod server;
pub mod state;
#[cfg(test)]
mod testing;
mod witness;

pub use self::{
    client::Client,
    cosign::{CosignOutcome, cosign},
    key::WitnessKey,
    logs::Logs,
    request::AddCheckpoint,
    response::AddCheckpointResponse,
    server::Server,
    witness::Witness,
};
