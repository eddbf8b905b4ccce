//! A log to be witnessed, and what tests of several files need.

use std::path::Path;

use super::{AddCheckpoint, Logs, Witness};
use crate::{
    Checkpoint, Hash, SignedCheckpoint, Signer, VerifierKey,
    note::KeyKind,
    testing::signer,
    tree::{Tree, consistency, root},
};

pub(super) const LOG: &str = "log.example/1";
const WITNESS: &str = "witness.example/1";

/// A log of a hundred leaves that end in its letter; all have the key of [`LOG`].
pub(super) struct Log(Tree);

impl Log {
    pub(super) fn new(letter: char) -> Self {
        let mut tree = Tree::default();
        (0..100).for_each(|at| tree.append(Hash::leaf(format!("{at}{letter}").as_bytes())));
        Self(tree)
    }

    pub(super) fn checkpoint(&self, size: u64) -> Checkpoint {
        Checkpoint::new(LOG, size, root(&self.0, size).unwrap()).unwrap()
    }

    pub(super) fn signed(&self, size: u64) -> SignedCheckpoint {
        SignedCheckpoint::sign(self.checkpoint(size), &signer(LOG)).unwrap()
    }

    pub(super) fn proof(&self, old: u64, size: u64) -> Vec<Hash> {
        consistency(&self.0, old, size).unwrap().unwrap()
    }

    pub(super) fn request(&self, old: u64, size: u64) -> AddCheckpoint {
        AddCheckpoint::new(old, self.proof(old, size), self.signed(size)).unwrap()
    }
}

pub(super) fn witness_signer() -> Signer {
    signer(WITNESS)
}

pub(super) fn witness_key() -> VerifierKey {
    witness_signer().verifier(KeyKind::Cosignature)
}

/// A witness of the log, with its state in the directory.
pub(super) fn witness(directory: &Path) -> Witness {
    let logs = Logs::of([signer(LOG).verifier(KeyKind::Ed25519)]).unwrap();
    Witness::open(witness_signer(), logs, directory).unwrap()
}
