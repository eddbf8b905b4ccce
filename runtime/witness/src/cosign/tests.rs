use std::cell::RefCell;

use invar_ledger::policy::Octets;
use proptest::prelude::*;

use super::*;
use crate::{
    client::parse_reply,
    testing::{Log, signer, witness, witness_key, witness_signer},
    witness::Witness,
};

/// Carries requests to a witness without a network, and counts them.
fn carry<'w>(
    witness: &'w Witness,
    sent: &'w RefCell<Vec<u64>>,
) -> impl FnMut(&AddCheckpoint) -> Result<Reply, Unreachable> + use<'w> {
    |request| {
        sent.borrow_mut().push(request.old());
        let answer = witness.add_checkpoint(request.to_string().as_bytes(), 1000);
        Ok(parse_reply(answer.status(), answer.body().as_bytes()))
    }
}

/// Has a log cosigned, and tells the sizes that were tried.
fn ask(witness: &Witness, log: &Log, size: u64, seen: u64) -> (CosignOutcome, Vec<u64>) {
    let sent = RefCell::new(Vec::new());
    let mut signed = log.signed(size);
    let cosigning = converse(carry(witness, &sent), &witness_key(), &mut signed, seen, |old| {
        (old < size).then(|| log.proof(old, size))
    });
    let time_s = signed.cosigned_by(&witness_key());
    assert_eq!(time_s, if let CosignOutcome::Witnessed { time_s } = cosigning { Some(time_s) } else { None });
    (cosigning, sent.into_inner())
}

const WITNESSED: CosignOutcome = CosignOutcome::Witnessed { time_s: 1000 };

#[test]
fn a_log_learns_from_the_witness_which_proof_it_needs() {
    let directory = tempfile::tempdir().unwrap();
    let (witness, log) = (witness(directory.path()), Log::new('a'));
    assert_eq!(ask(&witness, &log, 10, 0), (WITNESSED, vec![0]));
    assert_eq!(ask(&witness, &log, 20, 10), (WITNESSED, vec![10]));
    assert_eq!(ask(&witness, &log, 30, 0), (WITNESSED, vec![0, 20]));
    assert_eq!(ask(&witness, &log, 40, 99), (WITNESSED, vec![40, 30]));
    assert_eq!(ask(&witness, &log, 40, 0), (WITNESSED, vec![0, 40]));
}

#[test]
fn a_log_that_was_put_back_is_told_so() {
    let directory = tempfile::tempdir().unwrap();
    let (witness, log) = (witness(directory.path()), Log::new('a'));
    ask(&witness, &log, 20, 0);
    for seen in [0, 10, 20] {
        assert_eq!(ask(&witness, &log, 10, seen).0, CosignOutcome::Rollback { size: 20 });
    }
}

#[test]
fn a_log_of_which_the_witness_saw_another_is_told_so() {
    let directory = tempfile::tempdir().unwrap();
    let witness = witness(directory.path());
    ask(&witness, &Log::new('a'), 20, 0);
    let other = Log::new('b');
    for seen in [0, 10, 20, 30] {
        assert_eq!(ask(&witness, &other, 20, seen).0, CosignOutcome::SplitView { size: 20 });
        assert_eq!(ask(&witness, &other, 30, seen).0, CosignOutcome::SplitView { size: 20 });
    }
}

#[test]
fn what_the_log_cannot_prove_is_not_sent() {
    let mut signed = Log::new('a').signed(20);
    let send = |_: &AddCheckpoint| Ok(Reply::Conflict { size: Some(10) });
    let cosigning = converse(send, &witness_key(), &mut signed, 0, |_| None);
    assert_eq!(cosigning, CosignOutcome::NoProof { size: 10 });
}

/// What comes of a witness that always answers so, to a log of twenty.
fn of_answer(seen: u64, answer: impl Fn(&AddCheckpoint) -> Reply) -> CosignOutcome {
    let log = Log::new('a');
    let mut signed = log.signed(20);
    let cosigning = converse(
        |request| Ok(answer(request)),
        &witness_key(),
        &mut signed,
        seen,
        |old| Some(log.proof(old, 20)),
    );
    assert_eq!(signed, log.signed(20));
    cosigning
}

#[test]
fn a_witness_that_does_not_keep_to_the_protocol_is_given_up() {
    let refused = |cosigning| matches!(cosigning, CosignOutcome::Refused { .. });
    // No cosignature, one of another checkpoint, one of another key.
    assert!(refused(of_answer(0, |_| Reply::Cosigned(vec![]))));
    let other = Log::new('b').checkpoint(20);
    assert!(refused(of_answer(0, |_| Reply::Cosigned(vec![witness_signer().cosign(&other, 1)]))));
    let stranger = signer("witness.example/2");
    let checkpoint = Log::new('a').checkpoint(20);
    assert!(refused(of_answer(0, |_| Reply::Cosigned(vec![stranger.cosign(&checkpoint, 1)]))));
    // The size that was sent, none, and another one each time.
    assert!(refused(of_answer(5, |request| Reply::Conflict { size: Some(request.old()) })));
    assert!(refused(of_answer(5, |_| Reply::Conflict { size: None })));
    assert!(refused(of_answer(5, |request| Reply::Conflict { size: Some(request.old() ^ 1) })));
    assert!(refused(of_answer(0, |_| Reply::Refused { status: 422, text: String::new() })));
    assert!(refused(of_answer(0, |_| Reply::Refused { status: 404, text: String::new() })));
}

#[test]
fn cosignatures_of_keys_that_nobody_asked_are_passed_over() {
    let checkpoint = Log::new('a').checkpoint(20);
    let lines =
        vec![signer("witness.example/2").cosign(&checkpoint, 1), witness_signer().cosign(&checkpoint, 2)];
    let mut signed = Log::new('a').signed(20);
    let cosigning =
        converse(|_| Ok(Reply::Cosigned(lines.clone())), &witness_key(), &mut signed, 0, |_| None);
    assert_eq!(cosigning, CosignOutcome::Witnessed { time_s: 2 });
    assert_eq!(signed.note().signatures().len(), 2);
}

#[test]
fn a_witness_without_a_url_is_not_reached() {
    let mut witness = PolicyWitness { name: Octets::from("a".to_owned()), key: witness_key(), url: None };
    let mut signed = Log::new('a').signed(20);
    for url in [None, Some(Octets::from(&b"http://\xff/"[..])), Some(Octets::from("no url".to_owned()))] {
        witness.url = url;
        let cosigning = cosign(&Client::new(), &witness, &mut signed, 0, |_| None);
        assert!(matches!(cosigning, CosignOutcome::Unreachable { .. }), "{cosigning:?}");
    }
}

proptest! {
    #[test]
    fn every_conversation_ends(
        size in 0_u64..100,
        seen: u64,
        answers in proptest::collection::vec((any::<u16>(), 0_u64..120, ".{0,20}"), 1..8),
    ) {
        let log = Log::new('a');
        let mut answers = answers.into_iter().cycle();
        let mut sent = 0;
        let send = |_: &AddCheckpoint| {
            sent += 1;
            Ok(match answers.next() {
                Some((status, told, _)) if status % 2 == 0 => parse_reply(409, format!("{told}\n").as_bytes()),
                Some((status, _, text)) => parse_reply(status, text.as_bytes()),
                None => Reply::Conflict { size: None },
            })
        };
        let mut signed = log.signed(size);
        let _ = converse(send, &witness_key(), &mut signed, seen, |old| Some(log.proof(old, size)));
        prop_assert!(sent <= ATTEMPTS_MAX);
    }
}
