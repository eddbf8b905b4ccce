//! Decisions, without a network.

use std::thread;

use invar_ledger::{Checkpoint, Hash, SignedCheckpoint, note::NoteSignature};

use super::*;
use crate::{
    decision::Refusal,
    testing::{LOG, Log, signer, witness, witness_key, witness_signer},
};

fn ask(witness: &Witness, request: &AddCheckpoint) -> AddCheckpointResponse {
    witness.add_checkpoint(request.to_string().as_bytes(), 1000)
}

#[track_caller]
fn assert_cosigned(answer: &AddCheckpointResponse, size: u64) {
    assert!(
        matches!(answer, AddCheckpointResponse::Cosigned { checkpoint, .. } if checkpoint.size() == size),
        "{answer:?}"
    );
}

#[test]
fn a_log_that_grows_is_cosigned() {
    let directory = tempfile::tempdir().unwrap();
    let (witness, log) = (witness(directory.path()), Log::new('a'));
    for (old, size) in [(0, 0), (0, 1), (1, 1), (1, 2), (2, 63), (63, 63), (63, 64), (64, 100)] {
        let answer = ask(&witness, &log.request(old, size));
        assert_cosigned(&answer, size);
        let mut signed = log.signed(size);
        let lines = NoteSignature::parse_lines(&answer.body()).unwrap();
        assert!(signed.add_cosignature(&lines[0], &witness_key()).unwrap());
        assert_eq!(signed.cosigned_by(&witness.key()), Some(1000));
    }
}

#[test]
fn each_refusal_has_its_reason() {
    let directory = tempfile::tempdir().unwrap();
    let (witness, log) = (witness(directory.path()), Log::new('a'));
    assert_cosigned(&ask(&witness, &log.request(0, 10)), 10);
    let refusal = |request: &AddCheckpoint| match ask(&witness, request) {
        AddCheckpointResponse::Refused(refusal) => refusal,
        answer => panic!("{answer:?}"),
    };
    let of = |old, proof, checkpoint| AddCheckpoint::new(old, proof, checkpoint).unwrap();
    let other = Checkpoint::new("log.example/2", 20, Hash::of(b"")).unwrap();
    let other = SignedCheckpoint::sign(other, &signer("log.example/2")).unwrap();
    assert_eq!(refusal(&of(10, vec![], other)), Refusal::UnknownLog("log.example/2".to_owned()));
    let forged = SignedCheckpoint::sign(log.checkpoint(20), &signer("log.example/2")).unwrap();
    assert_eq!(refusal(&of(10, log.proof(10, 20), forged)), Refusal::NotSigned);
    assert_eq!(refusal(&of(21, vec![], log.signed(20))), Refusal::Backwards { old: 21, size: 20 });
    assert_eq!(refusal(&log.request(9, 20)), Refusal::Conflict { latest: 10 });
    assert_eq!(refusal(&log.request(0, 20)), Refusal::Conflict { latest: 10 });
    assert_eq!(refusal(&log.request(11, 20)), Refusal::Conflict { latest: 10 });
    // Going back is a conflict.
    assert_eq!(refusal(&log.request(3, 9)), Refusal::Conflict { latest: 10 });
    assert_eq!(refusal(&Log::new('b').request(10, 10)), Refusal::OtherRoot { latest: 10 });
    assert_eq!(refusal(&Log::new('b').request(10, 20)), Refusal::NotConsistent);
    assert_eq!(refusal(&of(10, vec![], log.signed(20))), Refusal::NotConsistent);
    assert_eq!(refusal(&of(10, vec![Hash::of(b"")], log.signed(10))), Refusal::NotConsistent);
    assert_cosigned(&ask(&witness, &log.request(10, 20)), 20);
}

#[test]
fn a_first_checkpoint_has_an_empty_proof_and_an_empty_tree_its_root() {
    let directory = tempfile::tempdir().unwrap();
    let (witness, log) = (witness(directory.path()), Log::new('a'));
    let with_proof = AddCheckpoint::new(0, vec![Hash::of(b"")], log.signed(1)).unwrap();
    assert_eq!(ask(&witness, &with_proof).status(), 422);
    let empty = Checkpoint::new(LOG, 0, Hash::of(b"not nothing")).unwrap();
    let empty = SignedCheckpoint::sign(empty, &signer(LOG)).unwrap();
    assert_eq!(ask(&witness, &AddCheckpoint::new(0, vec![], empty).unwrap()).status(), 409);
    assert_cosigned(&ask(&witness, &log.request(0, 0)), 0);
}

#[test]
fn a_log_may_have_more_keys_than_one_and_they_need_not_bear_its_name() {
    let directory = tempfile::tempdir().unwrap();
    let log = Log::new('a');
    let mut logs = Logs::none();
    let [old, new] = ["old.example", "new.example"].map(signer);
    for key in [&old, &new] {
        logs.know(LOG, key.verifier(KeyKind::Ed25519)).unwrap();
    }
    assert!(logs.know(LOG, old.verifier(KeyKind::Cosignature)).is_err());
    assert!(logs.know("", old.verifier(KeyKind::Ed25519)).is_err());
    let witness = Witness::open(witness_signer(), logs, directory.path()).unwrap();
    for (key, status) in [(&old, 200), (&new, 200), (&signer(LOG), 403)] {
        let checkpoint = SignedCheckpoint::sign(log.checkpoint(5), key).unwrap();
        let latest = if key.name() == old.name() { 0 } else { 5 };
        let request = AddCheckpoint::new(latest, vec![], checkpoint).unwrap();
        assert_eq!(ask(&witness, &request).status(), status);
    }
}

#[test]
fn a_split_view_is_refused_even_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let (one, other) = (Log::new('a'), Log::new('b'));
    assert_cosigned(&ask(&witness(directory.path()), &one.request(0, 10)), 10);
    let witness = witness(directory.path());
    assert_eq!(ask(&witness, &other.request(0, 20)).status(), 409);
    assert_eq!(ask(&witness, &other.request(10, 20)).status(), 422);
    assert_eq!(ask(&witness, &other.request(10, 10)).status(), 409);
    assert_cosigned(&ask(&witness, &one.request(10, 20)), 20);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a directory stands where the witness would write")]
fn what_cannot_be_kept_is_not_cosigned() {
    let directory = tempfile::tempdir().unwrap();
    let (witness, log) = (witness(directory.path()), Log::new('a'));
    let name = Hash::of(LOG.as_bytes()).to_string();
    std::fs::create_dir(directory.path().join(format!("{name}.new"))).unwrap();
    let answer = ask(&witness, &log.request(0, 10));
    assert_eq!(answer.status(), 500);
    assert!(!answer.body().contains(&name));
    std::fs::remove_dir(directory.path().join(format!("{name}.new"))).unwrap();
    assert_cosigned(&ask(&witness, &log.request(0, 10)), 10);
}

#[test]
fn requests_that_race_do_not_roll_back() {
    let directory = tempfile::tempdir().unwrap();
    let (witness, log) = (witness(directory.path()), Log::new('a'));
    for old in [0, 20, 40, 60, 80] {
        // All want to be the one after the same checkpoint; one is.
        let sizes = old + 1..=old + 20;
        let requests: Vec<AddCheckpoint> = sizes.map(|size| log.request(old, size)).collect();
        let cosigned: Vec<u64> = thread::scope(|scope| {
            let threads: Vec<_> =
                requests.iter().map(|request| scope.spawn(|| ask(&witness, request))).collect();
            let answers = threads.into_iter().map(|thread| thread.join().unwrap());
            answers
                .filter_map(|answer| match answer {
                    AddCheckpointResponse::Cosigned { checkpoint, .. } => Some(checkpoint.size()),
                    answer => {
                        assert_eq!(answer.status(), 409);
                        None
                    }
                })
                .collect()
        });
        let [winner] = cosigned[..] else { panic!("{cosigned:?}") };
        let told = ask(&witness, &log.request(0, 100)).body();
        assert_eq!(told, format!("{winner}\n"));
        if winner < old + 20 {
            assert_cosigned(&ask(&witness, &log.request(winner, old + 20)), old + 20);
        }
    }
}
