use proptest::{collection::vec, prelude::*};

use super::*;
use crate::{
    Checkpoint,
    note::KeyKind,
    testing::{hashes, signed_checkpoints, signer},
    tree::{Tree, inclusion},
};

const LOG: &str = "log.example/1";
const WITNESS: &str = "witness.example/1";

fn leaf(index: u64) -> Hash {
    Hash::leaf(&index.to_be_bytes())
}

/// The proof of a leaf in a log of seven, seen by the witness at second 1000.
fn proof(index: u64) -> Proof {
    let mut tree = Tree::default();
    (0..7).for_each(|at| tree.append(leaf(at)));
    let checkpoint = Checkpoint::new(LOG, 7, tree.root()).unwrap();
    let mut signed = SignedCheckpoint::sign(checkpoint.clone(), &signer(LOG)).unwrap();
    let (witness, key) = (signer(WITNESS), signer(WITNESS).verifier(KeyKind::Cosignature));
    assert!(signed.add_cosignature(&witness.cosign(&checkpoint, 1000), &key).unwrap());
    let path = inclusion(&tree, index, 7).unwrap().unwrap();
    Proof::new(index, path, signed).unwrap()
}

fn log_key() -> VerifierKey {
    signer(LOG).verifier(KeyKind::Ed25519)
}

fn policy() -> Policy {
    Policy::all_of([signer(WITNESS).verifier(KeyKind::Cosignature)]).unwrap()
}

#[test]
fn a_proof_proves_its_leaf_and_no_other() {
    for index in 0..7 {
        let proof = Proof::parse(proof(index).to_string().as_bytes()).unwrap();
        let witnessed = proof.check(leaf(index), &log_key(), &policy()).unwrap();
        assert_eq!(witnessed.iter().map(|who| who.time_s).collect::<Vec<_>>(), [1000]);
        let other = proof.check(leaf(index + 1), &log_key(), &policy());
        assert_eq!(other, Err(NotProved::Inclusion { index, size: 7 }));
    }
}

#[test]
fn a_proof_under_a_checkpoint_that_is_not_believed_proves_nothing() {
    let other = Policy::all_of([signer("witness.example/2").verifier(KeyKind::Cosignature)]).unwrap();
    let checked = proof(3).check(leaf(3), &log_key(), &other);
    assert_eq!(checked, Err(NotProved::Checkpoint(NotTrusted::Quorum { have: 0, of: 1 })));
    let stranger = signer("log.example/2").verifier(KeyKind::Ed25519);
    assert!(matches!(proof(3).check(leaf(3), &stranger, &policy()), Err(NotProved::Checkpoint(_))));
}

#[test]
fn another_implementation_takes_our_path() {
    use tlog_tiles::tlog::{Hash as Other, check_record};

    for index in 0..7 {
        let Proof { path, checkpoint, .. } = proof(index);
        let path = path.iter().map(|hash| Other(hash.0)).collect();
        let root = Other(checkpoint.checkpoint().root().0);
        assert!(check_record(&path, 7, root, index, Other(leaf(index).0)).is_ok(), "{index}");
    }
}

#[test]
fn extra_data_are_kept_and_change_nothing() {
    let extra = proof(0).with_extra(b"extra".to_vec()).unwrap();
    assert!(extra.to_string().starts_with("c2sp.org/tlog-proof@v1\nextra ZXh0cmE=\nindex 0\n"));
    let read = Proof::parse(extra.to_string().as_bytes()).unwrap();
    assert_eq!(read.extra(), b"extra");
    assert!(read.check(leaf(0), &log_key(), &policy()).is_ok());
    assert_eq!(proof(0).with_extra(vec![0; EXTRA_BYTES_MAX + 1]), Err(ProofError::Extra));
    assert_eq!(proof(0).with_extra(Vec::new()), Ok(proof(0)));
}

#[test]
fn what_is_no_proof_is_refused() {
    let good = proof(2).to_string();
    let error = |text: String| Proof::parse(text.as_bytes()).unwrap_err();
    assert!(matches!(error(String::new()), ProofError::Header(_)));
    assert!(matches!(error(good.replace("@v1", "@v2")), ProofError::Header(_)));
    assert!(matches!(error(good.replace("index 2\n", "index 02\n")), ProofError::Index(_)));
    assert!(matches!(error(good.replace("index 2\n", "index\n")), ProofError::Index(_)));
    assert!(matches!(error(good.replace("index 2\n", "")), ProofError::Index(_)));
    assert!(matches!(
        error(good.replace("index 2\n", "index 2\nextra AA==\n")),
        ProofError::Hash { at: 1, .. }
    ));
    for extra in ["", "A", "AB==", "AA== "] {
        assert_eq!(error(good.replace("index 2", &format!("extra {extra}\nindex 2"))), ProofError::Extra);
    }
    assert!(matches!(error(good.replacen("=\n\n", "=\n", 1)), ProofError::Hash { at: 4, .. }));
    assert!(matches!(error(good[..60].to_owned()), ProofError::NoCheckpoint));
    assert!(matches!(error(good.replacen("\n\n", "\n\n\n", 1)), ProofError::Checkpoint(_)));
    assert!(matches!(error(good.trim_end().to_owned()), ProofError::Checkpoint(_)));
    assert_eq!(Proof::parse(b"\xff"), Err(ProofError::NotText));
}

#[test]
fn floods_are_refused() {
    let hash = format!("{}\n", to_base64(&[0; 32]));
    let long = |hashes: usize| {
        proof(2).to_string().replace("index 2\n", &format!("index 2\n{}", hash.repeat(hashes)))
    };
    assert!(Proof::parse(long(PROOF_HASHES_MAX - 3).as_bytes()).is_ok());
    assert_eq!(Proof::parse(long(PROOF_HASHES_MAX).as_bytes()), Err(ProofError::TooManyHashes));
    let path = vec![Hash::default(); PROOF_HASHES_MAX + 1];
    assert_eq!(Proof::new(0, path, proof(0).checkpoint), Err(ProofError::TooManyHashes));
    assert!(matches!(Proof::parse(&vec![b'x'; PROOF_BYTES_MAX + 1]), Err(ProofError::TooLong(_))));
}

proptest! {
    #[test]
    fn what_is_printed_is_read_again(
        extra: Vec<u8>,
        index: u64,
        path in vec(hashes(), 0..5),
        checkpoint in signed_checkpoints(),
    ) {
        let proof = Proof::new(index, path, checkpoint).unwrap().with_extra(extra).unwrap();
        prop_assert_eq!(Proof::parse(proof.to_string().as_bytes()), Ok(proof));
    }

    #[test]
    fn anything_is_read_or_refused(
        bytes: Vec<u8>,
        rest in r"(?s)(extra |index |[0-9]|\n|[A-Z]{43}=|— |.){0,12}",
    ) {
        let _ = Proof::parse(&bytes);
        let text = format!("{HEADER}\n{rest}");
        if let Ok(proof) = Proof::parse(text.as_bytes()) {
            prop_assert_eq!(proof.to_string(), text);
        }
    }
}
