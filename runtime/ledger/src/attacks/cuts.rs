//! Events that are cut off the end, and copies from before.

use std::fs;

use super::{
    attacks,
    cosigner::Cosigner,
    tape::Tape,
    trail::{MINUTE_MS, START_MS, Trail, now_ms, settings},
};
use crate::{body::Signing, published, segment};

/// Cuts the segment behind the signature of that number.
fn cut(trail: &Trail, commit: usize) {
    let whole = trail.copy();
    let mut tape = Tape::of(trail);
    let at = tape.commits()[commit];
    tape.0.truncate(at + 1);
    tape.put(trail);
    // Only the segment is cut.
    trail.take(&whole, |name| ["nodes", "state"].contains(&name));
}

fn forget(trail: &Trail, names: &[&str]) {
    names.iter().for_each(|name| fs::remove_file(trail.file(name)).unwrap());
}

attacks! {
    fn a_cut_before_what_was_published_is_found
        does "cuts the end off, into what was published"
        with Files
        stopped_by "the checkpoint that was published"
        says "cut: the checkpoint that was published is of 8 events, and 4 are there"
    {
        let trail = Trail::of_three_runs();
        trail.publish();
        cut(&trail, 1);
        trail.verify()
    }

    fn a_log_that_was_cut_is_not_gone_on_with
        does "cuts the end off, and has the next command go on from there"
        with Files
        stopped_by "what was noted when it was last closed, sealed with the trail's secret"
        says "the log has 4 events, and 8 were there when it was last closed: it was cut, or this is an old copy; nothing was changed"
    {
        let trail = Trail::of_three_runs();
        cut(&trail, 1);
        trail.opening()
    }

    fn a_log_that_was_cut_into_what_was_published_is_not_gone_on_with
        does "does that, and removes the note"
        with Files
        stopped_by "the checkpoint that was published"
        says "the log has 4 events, and 8 were published: it was cut, or this is an old copy; nothing was changed"
    {
        let trail = Trail::of_three_runs();
        trail.publish();
        cut(&trail, 1);
        forget(&trail, &["state"]);
        trail.opening()
    }

    fn a_cut_behind_what_was_published_shows_at_the_note_of_the_end
        does "cuts the end off, behind what was published"
        with Files
        stopped_by "what was noted when it was last closed"
        says "cut: what was noted when it was last closed is of 8 events, and 6 are there"
    {
        let trail = Trail::new();
        trail.runs(&["a"]);
        trail.publish();
        trail.runs(&["b", "c"]);
        cut(&trail, 2);
        trail.verify()
    }

    fn a_cut_that_nobody_outside_can_see_is_not_found
        does "does that, and removes the note"
        with Files
        stopped_by "nothing: what no witness saw, and nobody has a receipt of, can be cut. Publish often"
        says "events 0–4 witnessed by witness.example/a at [time]; those after them locally consistent, not witnessed"
    {
        let trail = Trail::new();
        let witness = Cosigner::new("witness.example/a");
        trail.run_at("a", now_ms());
        witness.publish(&trail);
        trail.run_at("b", now_ms());
        trail.run_at("c", now_ms());
        cut(&trail, 2);
        forget(&trail, &["state"]);
        trail.verify_with(&witness.policy(), &[])
    }

    fn a_cut_with_the_checkpoint_removed_is_seen_by_who_holds_one
        does "cuts the end off, and removes the checkpoint and the note"
        with Files
        stopped_by "a checkpoint or receipt that somebody else holds"
        says "cut: checkpoint.held is of 8 events, and 4 are there"
    {
        let trail = Trail::of_three_runs();
        let held = trail.publish().to_string();
        cut(&trail, 1);
        forget(&trail, &["checkpoint", "state"]);
        assert_eq!(trail.verify(), "locally consistent, not witnessed");
        trail.verify_held(&[("checkpoint.held", &held)])
    }

    fn a_cut_into_an_earlier_epoch_shows_at_the_key
        does "cuts off the epoch that is on, and removes the note"
        with Files
        stopped_by "the key file, which says at which event its epoch began"
        says "the log has 6 events, and 8 were there when its key took over: it was cut, or this is an old copy; nothing was changed"
    {
        let trail = Trail::of_three_runs();
        trail.rotate();
        trail.run_at("d", START_MS + 9 * MINUTE_MS);
        cut(&trail, 2);
        forget(&trail, &["state"]);
        trail.opening()
    }

    fn an_old_copy_under_a_newer_key_is_refused
        does "puts back an old copy of all but the key, which is sealed"
        with Files
        stopped_by "the epoch of the key"
        says "the key is of epoch 2, and the log is in epoch 0: one of them is an old copy; nothing was changed"
    {
        let trail = Trail::of_three_runs();
        let backup = trail.copy();
        trail.rotate();
        trail.rotate();
        trail.take(&backup, |name| name != "key" && name != "lock");
        trail.opening()
    }

    fn events_that_are_all_gone_are_missed
        does "removes all segments and the note, so that a new trail begins"
        with Files
        stopped_by "the files beside them: a trail is not begun where one was"
        says "00000000000000000000.segment, at byte 0: no event is there, and other files of the log are; nothing was changed: `invar ledger verify` says more"
    {
        let trail = Trail::of_three_runs();
        forget(&trail, &[&segment::name(0), "state"]);
        trail.opening()
    }

    fn another_trail_in_the_place_of_this_one_is_found
        does "puts another trail, begun with other keys, in the place of this one"
        with Files
        stopped_by "the key that whoever verifies knows: `--log`"
        says "this is another log than the one asked for: its key is [key]"
    {
        let (trail, other) = (Trail::of_three_runs(), Trail::with(&settings(), 50));
        let key = trail.key();
        trail.take(&other, |name| name != "lock");
        let found = published::log_key(trail.open().unwrap().genesis()).unwrap().to_string();
        let said = trail.audit(&crate::Policy::of_nobody(), &[], Some(&key));
        super::masked(&said, &[(&found, "[key]")])
    }

    fn a_segment_taken_out_is_missed
        does "removes a segment from the middle"
        with Files
        stopped_by "the index and the link that each segment begins with"
        says "bad from event 5 on (00000000000000000008.segment, byte 0): the segment does not begin where the one before it ends"
    {
        let small = crate::Settings { segment_bytes: 1, signing: Signing::Batch, ..settings() };
        let trail = Trail::with(&small, 1);
        for (minute, skill) in (1..).zip(["a", "b", "c"]) {
            let mut log = crate::Log::open(trail.disk(), None, 1).unwrap().0;
            log.append(super::trail::run(skill), START_MS + minute * MINUTE_MS).unwrap();
            log.close(START_MS + minute * MINUTE_MS).unwrap();
        }
        let segments = segment::all(&trail.disk()).unwrap();
        forget(&trail, &[&segment::name(segments[2])]);
        trail.verify()
    }
}
