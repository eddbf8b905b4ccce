//! What tests of several files need: a log to be witnessed, keys, and strategies.

use std::path::Path;

use invar_ledger::{
    Checkpoint, Hash, Note, SignedCheckpoint, Signer, VerifierKey,
    note::{KeyId, KeyKind, KeyName, NoteSignature},
    tree::{Tree, consistency, root},
};
use proptest::{collection::vec, prelude::*};

use crate::{logs::Logs, request::AddCheckpoint, witness::Witness};

pub(crate) const LOG: &str = "log.example/1";
const WITNESS: &str = "witness.example/1";

/// The key of that name; the name is the seed, too.
pub(crate) fn signer(name: &str) -> Signer {
    Signer::new(KeyName::new(name).unwrap(), &Hash::of(name.as_bytes()).0)
}

/// A log of a hundred leaves that end in its letter; all have the key of [`LOG`].
pub(crate) struct Log(Tree);

impl Log {
    pub(crate) fn new(letter: char) -> Self {
        let mut tree = Tree::default();
        (0..100).for_each(|at| tree.append(Hash::leaf(format!("{at}{letter}").as_bytes())));
        Self(tree)
    }

    pub(crate) fn checkpoint(&self, size: u64) -> Checkpoint {
        Checkpoint::new(LOG, size, root(&self.0, size).unwrap()).unwrap()
    }

    pub(crate) fn signed(&self, size: u64) -> SignedCheckpoint {
        SignedCheckpoint::sign(self.checkpoint(size), &signer(LOG)).unwrap()
    }

    pub(crate) fn proof(&self, old: u64, size: u64) -> Vec<Hash> {
        consistency(&self.0, old, size).unwrap().unwrap()
    }

    pub(crate) fn request(&self, old: u64, size: u64) -> AddCheckpoint {
        AddCheckpoint::new(old, self.proof(old, size), self.signed(size)).unwrap()
    }
}

pub(crate) fn witness_signer() -> Signer {
    signer(WITNESS)
}

pub(crate) fn witness_key() -> VerifierKey {
    witness_signer().verifier(KeyKind::Cosignature)
}

/// A witness of the log, with its state in the directory.
pub(crate) fn witness(directory: &Path) -> Witness {
    let logs = Logs::of([signer(LOG).verifier(KeyKind::Ed25519)]).unwrap();
    Witness::open(witness_signer(), logs, directory).unwrap()
}

pub(crate) fn hashes() -> impl Strategy<Value = Hash> {
    any::<[u8; 32]>().prop_map(Hash)
}

fn signatures() -> impl Strategy<Value = NoteSignature> {
    (r"[^\s+\x00-\x1f\x7f]{1,20}", any::<[u8; 4]>(), vec(any::<u8>(), 1..100)).prop_map(
        |(name, id, bytes)| NoteSignature::new(KeyName::new(&name).unwrap(), KeyId(id), bytes).unwrap(),
    )
}

/// Checkpoints with signatures that nobody made, and with lines of extension.
pub(crate) fn signed_checkpoints() -> impl Strategy<Value = SignedCheckpoint> {
    let extensions = r"([^\x00-\x1f]{1,10}\n){0,3}";
    (r"[^\x00-\x1f]{1,40}", any::<u64>(), hashes(), extensions, vec(signatures(), 1..5)).prop_map(
        |(origin, size, root, extensions, signatures)| {
            let text = Checkpoint::new(&origin, size, root).unwrap().text() + &extensions;
            let note = Note::new(text, signatures).unwrap();
            SignedCheckpoint::parse(note.to_string().as_bytes()).unwrap()
        },
    )
}
