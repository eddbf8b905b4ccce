//! Notes, checkpoints, cosignatures, proofs, policies and requests to witnesses are read or refused; what is read is
//! written and read again the same, and but for policies it is written as it was read.
#![no_main]

use invar_ledger::{
    Checkpoint, Note, Policy, Proof, SignedCheckpoint, VerifierKey, checkpoint::Cosignature,
    note::NoteSignature,
};
use invar_witness::AddCheckpoint;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(note) = Note::parse(data) {
        assert_eq!(note.to_string().as_bytes(), data);
        for signature in note.signatures() {
            assert_eq!(NoteSignature::parse(&signature.to_string()).as_ref(), Ok(signature));
        }
    }
    if let Ok(signed) = SignedCheckpoint::parse(data) {
        assert_eq!(signed.to_string().as_bytes(), data);
        let checkpoint = signed.checkpoint();
        assert_eq!(checkpoint.text(), signed.note().text());
        assert_eq!(Checkpoint::parse(&checkpoint.text()).as_ref(), Ok(checkpoint));
    }
    if let Some(cosignature) = Cosignature::from_bytes(data) {
        assert_eq!(cosignature.to_bytes(), data);
    }
    if let Ok(proof) = Proof::parse(data) {
        assert_eq!(proof.to_string().as_bytes(), data);
    }
    if let Ok(request) = AddCheckpoint::parse(data) {
        assert_eq!(request.to_string().as_bytes(), data);
    }
    if let Ok(policy) = Policy::parse(data) {
        assert_eq!(Policy::parse(&policy.to_bytes()).as_ref(), Ok(&policy));
        let keys = policy.witnesses().iter().map(|witness| &witness.key);
        assert!(policy.satisfied_by(keys), "all witnesses are enough for any quorum");
    }
    if let Ok(text) = str::from_utf8(data) {
        if let Ok(key) = text.parse::<VerifierKey>() {
            assert_eq!(key.to_string().parse(), Ok(key));
        }
        let _ = NoteSignature::parse_lines(text);
    }
});
