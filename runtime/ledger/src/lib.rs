//! The audit trail.
//!
//! Events are appended to a log that nobody can change unnoticed: each is chained to the one before, is a leaf of a Merkle
//! tree, and stands under a signed root that witnesses outside cosign. Nothing here knows what a skill is or how it runs;
//! a log can be audited with this crate alone.

pub mod body;
pub mod checkpoint;
mod event;
mod hash;
pub mod note;
#[cfg(test)]
mod testing;
mod text;
pub mod tree;

pub use body::Body;
pub use checkpoint::{Checkpoint, SignedCheckpoint};
pub use event::{EVENT_BYTES_MAX, Event, EventError, VERSION};
pub use hash::Hash;
pub use note::{Note, Signer, VerifierKey};
