//! Keys of one time for events of another.

use ed25519_dalek::SigningKey;
use minicbor::bytes::ByteArray;

use super::{
    attacks,
    tape::{Item, Tape},
    trail::{MINUTE_MS, START_MS, Trail, entropy, secret_of, settings},
};
use crate::{
    Body, Hash, Settings,
    keys::{EpochKeys, EpochSecret},
};

/// Epoch 0 with a run, epoch 1 with another.
fn of_two_epochs() -> Trail {
    let trail = Trail::new();
    trail.run_at("a", START_MS);
    trail.rotate();
    trail.run_at("b", START_MS + MINUTE_MS);
    trail
}

/// What the key file gives whoever takes it now: nothing of the epochs before.
fn stolen(trail: &Trail) -> impl Fn(u32) -> Option<SigningKey> {
    let now = trail.secrets().epoch;
    move |epoch| {
        let ahead = epoch.checked_sub(now.epoch())?;
        Some((0..ahead).fold(now.clone(), |secret, _| secret.next()).key())
    }
}

/// Where the event is that an epoch begins with.
fn beginning(tape: &Tape, epoch: u32) -> usize {
    let begins = |item: &Item| matches!(item, Item::Event(event, _) if event.epoch == epoch);
    tape.0.iter().position(begins).unwrap()
}

attacks! {
    fn an_earlier_epoch_is_not_written_anew_with_a_later_key
        does "writes an event of an earlier epoch anew, and signs with the key of today"
        with Keys
        stopped_by "the key of the epoch: it was wiped when the next began"
        says "the signature over event 3 is not by the key of epoch 0"
    {
        let trail = of_two_epochs();
        let key = stolen(&trail);
        let mut tape = Tape::of(&trail);
        let Body::Run(run) = &mut tape.event(2).body else { panic!() };
        run.fuel = 1;
        tape.chain();
        tape.sign(|epoch| key(epoch).or_else(|| key(1)));
        tape.put(&trail);
        trail.verify()
    }

    fn an_earlier_epoch_is_not_stood_for_by_a_later_signature
        does "does that, and takes out every signature but those of today's key"
        with Keys
        stopped_by "each epoch must be signed to its end by its own key"
        says "bad from event 4 on (00000000000000000000.segment, byte 992): epoch 0 ends before it without a signature by its own key, and a later one cannot stand for it"
    {
        let trail = of_two_epochs();
        let key = stolen(&trail);
        let mut tape = Tape::of(&trail);
        let Body::Run(run) = &mut tape.event(2).body else { panic!() };
        run.fuel = 1;
        let next = beginning(&tape, 1);
        let mut at = 0;
        tape.0.retain(|item| {
            at += 1;
            at > next || !matches!(item, Item::Commit(_))
        });
        tape.chain();
        tape.sign(key);
        tape.put(&trail);
        trail.verify()
    }

    fn an_epoch_cannot_be_skipped
        does "takes a whole epoch out"
        with AllKeys
        stopped_by "epochs that follow one another"
        says "bad from event 4 on (00000000000000000000.segment, byte 1224): it is of epoch 2, and epoch 1 is on: epochs follow one another, and none is skipped"
    {
        let trail = of_two_epochs();
        trail.rotate();
        trail.run_at("c", START_MS + 2 * MINUTE_MS);
        let mut tape = Tape::of(&trail);
        let (from, to) = (beginning(&tape, 1), beginning(&tape, 2));
        tape.0.drain(from..to);
        tape.chain();
        tape.sign_all();
        tape.put(&trail);
        trail.verify()
    }

    fn a_key_that_the_genesis_has_not_settled_is_refused
        does "goes on with a key of theirs, to be rid of the ones that others may have"
        with AllKeys
        stopped_by "the genesis, which holds the root of a tree over the keys of all epochs"
        says "bad from event 4 on (00000000000000000000.segment, byte 1224): the key it brings is not the one that the genesis has settled for epoch 1"
    {
        let trail = of_two_epochs();
        let theirs = EpochSecret::new(0, entropy(90).epoch);
        let keys = EpochKeys::derive(&theirs, settings().epochs);
        let mut tape = Tape::of(&trail);
        let at = beginning(&tape, 1);
        let Item::Event(event, _) = &mut tape.0[at] else { panic!() };
        let Body::KeyEpoch(brought) = &mut event.body else { panic!() };
        (brought.key, brought.path) = (ByteArray::from(keys.key(1).unwrap()), keys.path(1).unwrap());
        tape.chain();
        tape.sign(|epoch| Some(if epoch == 0 { secret_of(0).key() } else { theirs.next().key() }));
        tape.put(&trail);
        trail.verify()
    }

    fn an_epoch_is_not_gone_on_with_past_its_end
        does "goes on with a key past the end of its epoch"
        with AllKeys
        stopped_by "the limits in the genesis: events and time of an epoch"
        says "bad from event 7 on (00000000000000000000.segment, byte 2009): epoch 0 should have ended before it, and its key with it"
    {
        // The same trail, but for how long an epoch may be: 6 events, and 100.
        let short = Settings { epoch_events_max: 6, ..settings() };
        let trail = Trail::with(&short, 1);
        let other = Trail::of_three_runs();
        let (ours, mut tape) = (Tape::of(&trail), Tape::of(&other));
        let (Item::Event(genesis, _), at) = (&ours.0[1], tape.at(0)) else { panic!() };
        tape.0[at] = Item::Event(genesis.clone(), None);
        for item in &mut tape.0 {
            if let Item::Event(event, _) = item {
                event.log = genesis.log;
            }
        }
        tape.chain();
        tape.sign_all();
        tape.put(&trail);
        trail.verify()
    }

    fn the_keys_of_another_log_do_not_open_this_one
        does "puts a key file of theirs in the place of the trail's"
        with Files
        stopped_by "the genesis, which holds the root of a tree over the keys of all epochs"
        says "key, at byte 0: it is the key of another log; nothing was changed: `invar ledger verify` says more"
    {
        let (trail, other) = (Trail::of_three_runs(), Trail::with(&settings(), 50));
        trail.take(&other, |name| name == "key");
        trail.opening()
    }

    fn a_list_of_other_keys_is_refused
        does "puts other keys of epochs to come in the place of the list"
        with Files
        stopped_by "the genesis, which holds the root of a tree over the keys of all epochs"
        says "epochs, at byte 0: these are not the keys that the genesis has settled; nothing was changed: `invar ledger verify` says more"
    {
        let trail = Trail::of_three_runs();
        let theirs = EpochKeys::derive(&EpochSecret::new(0, entropy(90).epoch), settings().epochs);
        assert_ne!(theirs.root(), Hash::default());
        std::fs::write(trail.file("epochs"), theirs.to_bytes()).unwrap();
        trail.opening()
    }
}
