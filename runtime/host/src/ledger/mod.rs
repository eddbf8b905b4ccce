//! The audit trail: every run is written to it before its result exists for anybody.

mod clock;
mod options;
mod succession;
mod system;
mod trail;

pub use options::LedgerOptions;
pub use succession::{Succeeded, Why, succeed};
pub use system::{bounded, hash, host, lock, now_ms, settings};
pub use trail::{Ledger, RunIdentity};
