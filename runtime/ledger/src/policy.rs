//! Policies: which logs and witnesses are known, and how many of them have to have seen a checkpoint
//! (c2sp.org/tlog-policy).

mod known;
mod limits;
mod octets;
mod parse;
mod trust;

pub use self::{
    known::{Policy, PolicyKeysError, PolicyLog, PolicyWitness},
    limits::{GROUPS_MAX, LOGS_MAX, POLICY_BYTES_MAX, URL_BYTES_MAX, WITNESSES_MAX},
    octets::Octets,
    parse::{PolicyError, PolicyLineError},
    trust::{NotTrusted, WitnessTime},
};

#[cfg(test)]
mod tests;
