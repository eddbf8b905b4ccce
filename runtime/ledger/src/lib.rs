//! The audit trail.
//!
//! Events are appended to a log that nobody can change unnoticed: each is chained to the one before, is a leaf of a Merkle
//! tree, and stands under a signed root that witnesses outside cosign. Nothing here knows what a skill is or how it runs;
//! a log can be audited with this crate alone.

pub mod checkpoint;
mod hash;
pub mod note;
pub mod policy;
pub mod proof;
#[cfg(test)]
mod testing;
mod text;
pub mod tree;
pub mod witness;

pub use checkpoint::{Checkpoint, SignedCheckpoint};
pub use hash::Hash;
pub use note::{Note, Signer, VerifierKey};
pub use policy::Policy;
pub use proof::Proof;
