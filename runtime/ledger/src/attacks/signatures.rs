//! Signatures of one protocol in the place of another's.

use ed25519_dalek::Signer as _;

use super::{
    attacks,
    tape::{Item, Tape},
    trail::{Trail, entropy, secret_of},
};
use crate::{
    Checkpoint, SignedCheckpoint, Signer,
    chain::signed,
    checkpoint::Cosignature,
    note::{KeyKind, KeyName, Note, NoteSignature},
    segment::Commit,
};

fn commit(item: &mut Item) -> &mut Commit {
    let Item::Commit(commit) = item else { panic!() };
    commit
}

attacks! {
    fn a_signed_checkpoint_is_no_signature_of_an_event
        does "puts the key's signature of a checkpoint in the place of an event's (`--sign each`)"
        with Keys
        stopped_by "the words before what is signed for an event"
        says "the signature over event 4 is not by the key of epoch 0"
    {
        let trail = Trail::each();
        trail.runs(&["a", "b", "c"]);
        let mut tape = Tape::of(&trail);
        let (last, at) = (*tape.commits().last().unwrap(), tape.at(4));
        let signature = commit(&mut tape.0[last]).signature;
        let Item::Event(_, old) = &mut tape.0[at] else { panic!() };
        *old = Some(signature.into());
        tape.put(&trail);
        trail.verify()
    }

    fn a_signed_event_is_no_signature_of_a_checkpoint
        does "puts the key's signature of an event in the place of a batch's"
        with Keys
        stopped_by "the words before what is signed for an event"
        says "the signature over event 7 is not by the key of epoch 0"
    {
        let trail = Trail::of_three_runs();
        let mut tape = Tape::of(&trail);
        let event = tape.event(7).to_bytes().unwrap();
        let last = *tape.commits().last().unwrap();
        commit(&mut tape.0[last]).signature = secret_of(0).key().sign(&signed(&event)).to_bytes().into();
        tape.put(&trail);
        trail.verify()
    }

    fn an_event_without_its_signature_is_refused
        does "takes the signatures of single events away (`--sign each`)"
        with Files
        stopped_by "the genesis, which says how events are signed"
        says "bad from event 5 on (00000000000000000000.segment, byte 1480): it is not signed as the genesis says that events are"
    {
        let trail = Trail::each();
        trail.runs(&["a", "b", "c"]);
        let mut tape = Tape::of(&trail);
        let at = tape.at(4);
        let Item::Event(_, old) = &mut tape.0[at] else { panic!() };
        *old = None;
        tape.put(&trail);
        trail.verify()
    }

    fn a_cosignature_is_no_signature_of_the_log
        does "signs a checkpoint with the trail's key as a witness would"
        with Keys
        stopped_by "the time and the words before what a witness signs"
        says "the checkpoint that was published is not signed by the key of this log: it is of another log, or made up"
    {
        let trail = Trail::of_three_runs();
        let name = KeyName::new(trail.key().name().as_str()).unwrap();
        let signer = Signer::new(name.clone(), &entropy(1).log);
        let checkpoint = trail.publish().checkpoint().clone();
        let cosignature = signer.cosign(&checkpoint, 1_768_500_000);
        // Under the id of the log's key, so that it is taken for its signature.
        let Cosignature { signature, .. } = Cosignature::from_bytes(cosignature.bytes()).unwrap();
        let id = signer.verifier(KeyKind::Ed25519).id();
        let forged = NoteSignature::new(name, id, signature.to_vec()).unwrap();
        let note = Note::new(checkpoint.text(), vec![forged]).unwrap();
        std::fs::write(trail.file("checkpoint"), note.to_string()).unwrap();
        trail.verify()
    }

    fn a_checkpoint_by_the_key_of_an_epoch_is_none_of_the_log
        does "publishes with the key of the epoch, which is easier to come by"
        with Keys
        stopped_by "the key of the log in the genesis: keys of epochs sign what is written, and do not publish"
        says "the checkpoint that was published is not signed by the key of this log: it is of another log, or made up"
    {
        let trail = Trail::of_three_runs();
        let checkpoint = trail.publish().checkpoint().clone();
        let name = KeyName::new(trail.key().name().as_str()).unwrap();
        let forged = Signer::new(name.clone(), &secret_of(0).key().to_bytes()).sign(&checkpoint.text());
        let id = trail.key().id();
        let forged = NoteSignature::new(name, id, forged.bytes().to_vec()).unwrap();
        let note = Note::new(checkpoint.text(), vec![forged]).unwrap();
        std::fs::write(trail.file("checkpoint"), note.to_string()).unwrap();
        trail.verify()
    }

    fn a_checkpoint_of_another_log_is_refused
        does "puts a checkpoint of another trail in the place of this one's"
        with Files
        stopped_by "the key of the log in the genesis"
        says "checkpoint, at byte 0: it is not signed by the key of this log; nothing was changed: `invar ledger verify` says more"
    {
        let trail = Trail::of_three_runs();
        let checkpoint = Checkpoint::new(trail.key().name().as_str(), 8, crate::Hash::of(b"other")).unwrap();
        let theirs = Signer::new(KeyName::new(trail.key().name().as_str()).unwrap(), &[99; 32]);
        let forged = SignedCheckpoint::sign(checkpoint, &theirs).unwrap();
        std::fs::write(trail.file("checkpoint"), forged.to_string()).unwrap();
        trail.opening()
    }
}
