//! The audit trail.
//!
//! Events are appended to a log that nobody can change unnoticed: each is chained to the one before, is a leaf of a Merkle
//! tree, and stands under a signed root that witnesses outside cosign. Nothing here knows what a skill is or how it runs;
//! a log can be audited with this crate alone.

#[cfg(test)]
mod attacks;
pub mod body;
mod cbor;
mod chain;
pub mod checkpoint;
pub mod compact;
pub mod disk;
mod epochs;
mod error;
mod event;
pub mod export;
pub mod group;
mod hash;
pub mod keyfile;
pub mod keys;
mod log;
mod names;
mod nodes;
pub mod note;
pub mod policy;
mod position;
pub mod proof;
pub mod prove;
pub mod published;
pub mod reader;
mod recover;
pub mod segment;
pub mod show;
mod signature;
mod state;
mod store;
mod tail;
#[cfg(test)]
mod testing;
pub mod text;
pub mod tree;
pub mod verify;

pub use body::Body;
pub use chain::{BATCH_BYTES_MAX, Batch, Chain, EVENT_DOMAIN, Head, SEGMENT_BYTES, TIME_MS_MAX, Unsigned};
pub use checkpoint::{Checkpoint, SignedCheckpoint};
pub use error::LogError;
pub use event::{EVENT_BYTES_MAX, Event, EventError, VERSION};
pub use hash::Hash;
pub use log::{EPOCHS_SPARE, Entropy, Log, Settings};
pub use nodes::NodeFile;
pub use note::{Note, Signer, VerifierKey};
pub use policy::Policy;
pub use position::{EVENTS_MAX, Fault, Position, runs_digest};
pub use proof::Proof;
pub use recover::{LastKnown, Recovery, last_known};
pub use store::Store;
