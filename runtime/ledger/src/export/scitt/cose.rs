//! Receipts as messages of COSE: how one is made and what it proves.

use coset::{
    CoseSign1, CoseSign1Builder, Header, HeaderBuilder, Label, RegisteredLabelWithPrivate,
    TaggedCborSerializable, cbor::Value, iana,
};
use minicbor::{Decode, Encode};

use super::{ReceiptError, path};
use crate::{
    Event, Hash, SignedCheckpoint, VerifierKey,
    cbor::append,
    note::KeyKind,
    tree::{self, PROOF_HASHES_MAX},
};

/// Bytes of a receipt at most: of one with the longest path. Stops a stranger's file from being held and taken apart.
pub const RECEIPT_BYTES_MAX: usize = 4 << 10;

/// Names the kind of tree (RFC 9942, 2).
const VDS: i64 = 395;
/// The proofs (RFC 9942, 2).
const VDP: i64 = 396;
/// The tree of RFC 9162 with SHA-256.
const RFC9162_SHA256: i64 = 1;
/// Proofs that an entry is there.
const INCLUSION: i64 = -1;

/// What leads from an entry to the root.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
struct Inclusion {
    #[n(0)]
    size: u64,
    #[n(1)]
    index: u64,
    #[n(2)]
    path: Vec<Hash>,
}

/// What a receipt proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptContent {
    /// The event.
    pub event: Event,
    /// The root that the log signed.
    pub root: Hash,
    /// Events of that tree, as the receipt says. The root is what is signed: only a checkpoint with it settles how many.
    pub size: u64,
}

/// Makes the receipt for an event of a published tree. `path` leads from it to the root ([`tree::inclusion`]); `sign` signs
/// bytes with the log's key, whose public half is `key`.
///
/// # Errors
/// The path or the signature does not fit; the checkpoint is not the log's.
pub fn receipt(
    event: &[u8],
    path: Vec<Hash>,
    published: &SignedCheckpoint,
    key: &VerifierKey,
    sign: impl FnOnce(&[u8]) -> [u8; 64],
) -> Result<Vec<u8>, ReceiptError> {
    let index = Event::from_bytes(event)?.index;
    let (size, root) = (published.checkpoint().size(), published.checkpoint().root());
    if !published.signed_by(key) {
        return Err(ReceiptError::OtherKey(key.name().to_string()));
    }
    if !tree::includes(Hash::leaf(event), index, size, &path, root) {
        return Err(ReceiptError::Unproved);
    }
    let mut proof = Vec::new();
    append(&Inclusion { size, index, path }, &mut proof);
    let proofs = vec![(Value::from(INCLUSION), Value::Array(vec![Value::Bytes(proof)]))];
    let protected = HeaderBuilder::new()
        .algorithm(iana::Algorithm::EdDSA)
        .key_id(key.id().0.to_vec())
        .value(VDS, Value::from(RFC9162_SHA256));
    let message = CoseSign1Builder::new()
        .protected(protected.build())
        .unprotected(HeaderBuilder::new().value(VDP, Value::Map(proofs)).build())
        .create_detached_signature(&root.0, &[], |message| sign(message).to_vec())
        .build();
    let is_ours =
        message.verify_detached_signature(&root.0, &[], |signature, message| verify(key, message, signature));
    is_ours?;
    message.to_tagged_vec().map_err(|error| ReceiptError::Form(error.to_string()))
}

/// What a receipt proves of an event, without anything else than the log's key.
///
/// # Errors
/// It is no receipt; it is by another key; it does not prove this event.
pub fn check(receipt: &[u8], event: &[u8], key: &VerifierKey) -> Result<ReceiptContent, ReceiptError> {
    let form = |why: &str| ReceiptError::Form(why.to_owned());
    if receipt.len() > RECEIPT_BYTES_MAX {
        return Err(ReceiptError::Form(format!("it has more than {RECEIPT_BYTES_MAX} bytes")));
    }
    let parsed = Event::from_bytes(event)?;
    let message =
        CoseSign1::from_tagged_slice(receipt).map_err(|error| ReceiptError::Form(error.to_string()))?;
    // With a root in it, the signature would be over that one, and not over the one that the event leads to.
    if message.payload.is_some() {
        return Err(form("it holds what it signs"));
    }
    check_protected(&message.protected.header, key)?;
    let Inclusion { size, index, path } =
        inclusion(&message.unprotected).ok_or_else(|| form("it holds no proof of this kind, or several"))?;
    if index != parsed.index || index >= size {
        return Err(ReceiptError::Unproved);
    }
    let root = path::root(Hash::leaf(event), index, size, &path).ok_or(ReceiptError::Unproved)?;
    message.verify_detached_signature(&root.0, &[], |signature, message| verify(key, message, signature))?;
    Ok(ReceiptContent { event: parsed, root, size })
}

fn check_protected(header: &Header, key: &VerifierKey) -> Result<(), ReceiptError> {
    let form = |why: &str| Err(ReceiptError::Form(why.to_owned()));
    if header.alg != Some(RegisteredLabelWithPrivate::Assigned(iana::Algorithm::EdDSA)) {
        return form("it is not signed with Ed25519");
    }
    if !header.crit.is_empty() {
        return form("it asks for something that is not known here");
    }
    let is_known =
        |(label, value): &(Label, Value)| *label == Label::Int(VDS) && *value == Value::from(RFC9162_SHA256);
    if !header.rest.iter().any(is_known) {
        return form("it is not of a tree of RFC 9162 with SHA-256");
    }
    match key.kind() == KeyKind::Ed25519 && header.key_id == key.id().0 {
        true => Ok(()),
        false => Err(ReceiptError::OtherKey(key.name().to_string())),
    }
}

/// The one proof that is there.
fn inclusion(header: &Header) -> Option<Inclusion> {
    let (_, proofs) = header.rest.iter().find(|(label, _)| *label == Label::Int(VDP))?;
    let [(kind, proofs)] = proofs.as_map()?.as_slice() else { return None };
    let [proof] = proofs.as_array()?.as_slice() else { return None };
    let bytes = proof.as_bytes().filter(|_| *kind == Value::from(INCLUSION))?;
    let proof: Inclusion = minicbor::decode(bytes).ok()?;
    let mut again = Vec::new();
    append(&proof, &mut again);
    (again == *bytes && proof.path.len() <= PROOF_HASHES_MAX).then_some(proof)
}

fn verify(key: &VerifierKey, message: &[u8], signature: &[u8]) -> Result<(), ReceiptError> {
    match key.verifies(message, signature) {
        true => Ok(()),
        false => Err(ReceiptError::Unproved),
    }
}

#[cfg(test)]
mod tests;
