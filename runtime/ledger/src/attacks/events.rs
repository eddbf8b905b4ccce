//! Single events that are changed, moved or taken out, without a key.

use std::fs;

use super::{
    attacks,
    tape::{Item, Tape},
    trail::{Trail, settings},
};
use crate::{Body, segment};

/// A trail of three runs of which the second was changed, with every link before and after it as it was.
fn with_second_run_changed() -> (Trail, Tape) {
    let trail = Trail::of_three_runs();
    let mut tape = Tape::of(&trail);
    let Body::Run(run) = &mut tape.event(4).body else { panic!() };
    run.fuel = 1;
    (trail, tape)
}

attacks! {
    fn a_changed_byte_of_an_event_is_found
        does "changes one byte of an event"
        with Files
        stopped_by "the chain: a record that does not follow the one before it, with a signature behind it"
        says "bad from event 4 on (00000000000000000000.segment, byte 1224): event 4 or one after it was changed: 6 events were signed and acknowledged"
    {
        let trail = Trail::of_three_runs();
        let path = trail.file(&segment::name(0));
        let mut bytes = fs::read(&path).unwrap();
        // The name of the second skill, which its run begins with.
        let at = bytes.windows(3).position(|three| three == [0x95, 0x61, b'b']).unwrap() + 2;
        bytes[at] = b'c';
        fs::write(&path, bytes).unwrap();
        trail.verify()
    }

    fn a_changed_byte_of_the_last_event_is_found
        does "changes one byte behind the last signature but one"
        with Files
        stopped_by "what was noted when it was last closed"
        says "bad from event 8 on (00000000000000000000.segment, byte 2107): what is there is no record that follows the one before it, and what was noted when it was last closed is of 8 events"
    {
        let trail = Trail::of_three_runs();
        let path = trail.file(&segment::name(0));
        let mut bytes = fs::read(&path).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(&path, bytes).unwrap();
        trail.verify()
    }

    fn a_changed_byte_of_the_last_event_is_like_a_cut_without_the_note
        does "does that, and removes the note"
        with Files
        stopped_by "nothing: what no witness saw, and nobody has a receipt of, can be cut. It is said that bytes are left"
        says "locally consistent, not witnessed; 499 bytes follow the last signature: a write that was cut short, or a last batch that was changed since; they count for nothing"
    {
        let trail = Trail::of_three_runs();
        let path = trail.file(&segment::name(0));
        let mut bytes = fs::read(&path).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(&path, bytes).unwrap();
        fs::remove_file(trail.file("state")).unwrap();
        trail.verify()
    }

    fn a_changed_event_does_not_fit_those_after_it
        does "changes an event, and leaves everything after it"
        with Files
        stopped_by "the chain: each event holds the hash of the one before"
        says "bad from event 5 on (00000000000000000000.segment, byte 1509): it does not follow the event before it: that one has link [hash], and it says [hash]"
    {
        let (trail, tape) = with_second_run_changed();
        tape.put(&trail);
        trail.verify()
    }

    fn a_changed_event_with_a_new_chain_does_not_fit_what_was_signed
        does "changes an event, and chains all that follow anew"
        with Files
        stopped_by "the tree: the root that was signed is another"
        says "bad from event 6 on (00000000000000000000.segment, byte 1606): what is signed before it is not what the events come to"
    {
        let (trail, mut tape) = with_second_run_changed();
        tape.chain();
        tape.put(&trail);
        trail.verify()
    }

    fn a_new_root_is_not_signed
        does "does that, and puts the new roots in the place of those that were signed"
        with Files
        stopped_by "the signature by the key of the epoch"
        says "the signature over event 5 is not by the key of epoch 0"
    {
        let (trail, mut tape) = with_second_run_changed();
        tape.chain();
        tape.sign(|_| None);
        tape.put(&trail);
        trail.verify()
    }

    fn events_that_changed_places_are_found
        does "lets two events change places"
        with Files
        stopped_by "the index in each event"
        says "bad from event 4 on (00000000000000000000.segment, byte 1224): it says that it is event 5"
    {
        let trail = Trail::of_three_runs();
        let mut tape = Tape::of(&trail);
        let (one, other) = (tape.at(4), tape.at(5));
        tape.0.swap(one, other);
        tape.put(&trail);
        trail.verify()
    }

    fn an_event_that_was_taken_out_is_missed
        does "takes an event out of the middle"
        with Files
        stopped_by "the index in each event"
        says "bad from event 4 on (00000000000000000000.segment, byte 1224): it says that it is event 5"
    {
        let trail = Trail::of_three_runs();
        let mut tape = Tape::of(&trail);
        let at = tape.at(4);
        tape.0.remove(at);
        tape.put(&trail);
        trail.verify()
    }

    fn a_run_that_was_taken_out_with_its_number_is_missed
        does "takes a run out, numbers and chains all that follow anew"
        with Files
        stopped_by "the tree: the root that was signed is another"
        says "bad from event 5 on (00000000000000000000.segment, byte 1321): what is signed before it is not what the events come to"
    {
        let trail = Trail::of_three_runs();
        let mut tape = Tape::of(&trail);
        let at = tape.at(4);
        tape.0.remove(at);
        tape.chain();
        for at in tape.commits() {
            if let Item::Commit(commit) = &mut tape.0[at] && commit.size > 4 {
                commit.size -= 1;
            }
        }
        tape.put(&trail);
        trail.verify()
    }

    fn a_run_that_is_missing_leaves_a_gap
        does "has a run of a skill left out, with the number of the next as it was"
        with AllKeys
        stopped_by "the number of each run of a skill, without a gap"
        says "bad from event 5 on (00000000000000000000.segment, byte 1436): it says to be run 3 of its skill, and run 2 is next: runs are missing, or counted twice"
    {
        let trail = Trail::new();
        trail.runs(&["a", "a", "a"]);
        let mut tape = Tape::of(&trail);
        let at = tape.at(4);
        tape.0.remove(at);
        tape.chain();
        tape.sign_all();
        tape.put(&trail);
        trail.verify()
    }

    fn an_event_of_another_log_is_refused
        does "puts an event of another machine's trail in the place of one"
        with AllKeys
        stopped_by "the name of the log, which each event holds: the hash of its genesis"
        says "bad from event 4 on (00000000000000000000.segment, byte 1224): it is an event of another log, [hash]"
    {
        let (trail, other) = (Trail::of_three_runs(), Trail::with(&settings(), 50));
        other.runs(&["x", "y", "z"]);
        let (mut tape, of_other) = (Tape::of(&trail), Tape::of(&other));
        let at = tape.at(4);
        tape.0[at] = of_other.0[of_other.at(4)].clone();
        tape.chain();
        tape.sign_all();
        tape.put(&trail);
        trail.verify()
    }
}
