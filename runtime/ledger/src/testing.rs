//! What tests of several files need.

use proptest::{collection::vec, prelude::*};

use crate::{
    Checkpoint, Hash, SignedCheckpoint, Signer,
    note::{KeyId, KeyName, Note, NoteSignature},
};

/// The key of that name; the name is the seed, too.
pub(crate) fn signer(name: &str) -> Signer {
    Signer::new(KeyName::new(name).unwrap(), &Hash::of(name.as_bytes()).0)
}

pub(crate) fn hashes() -> impl Strategy<Value = Hash> {
    any::<[u8; 32]>().prop_map(Hash)
}

fn signatures() -> impl Strategy<Value = NoteSignature> {
    (r"[^\s+\x00-\x1f\x7f]{1,20}", any::<[u8; 4]>(), vec(any::<u8>(), 1..100)).prop_map(
        |(name, id, bytes)| NoteSignature::new(KeyName::new(&name).unwrap(), KeyId(id), bytes).unwrap(),
    )
}

fn notes_of(text: impl Strategy<Value = String>) -> impl Strategy<Value = Note> {
    (text, vec(signatures(), 1..5)).prop_map(|(text, signatures)| Note::new(text, signatures).unwrap())
}

pub(crate) fn notes() -> impl Strategy<Value = Note> {
    notes_of(r"([^\x00-\x1f]{0,20}\n){1,5}")
}

/// With lines of extension, too.
pub(crate) fn checkpoints() -> impl Strategy<Value = Checkpoint> {
    let extensions = r"([^\x00-\x1f]{1,10}\n){0,3}";
    (r"[^\x00-\x1f]{1,40}", any::<u64>(), hashes(), extensions).prop_map(
        |(origin, size, root, extensions)| {
            let text = Checkpoint::new(&origin, size, root).unwrap().text() + &extensions;
            Checkpoint::parse(&text).unwrap()
        },
    )
}

pub(crate) fn signed_checkpoints() -> impl Strategy<Value = SignedCheckpoint> {
    notes_of(checkpoints().prop_map(|checkpoint| checkpoint.text()))
        .prop_map(|note| SignedCheckpoint::parse(note.to_string().as_bytes()).unwrap())
}
