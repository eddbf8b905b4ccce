//! Events that are dated otherwise than they happened.

use super::{
    attacks,
    cosigner::Cosigner,
    tape::Tape,
    trail::{MINUTE_MS, START_MS, Trail, now_ms},
};

const HOUR_MS: u64 = 60 * MINUTE_MS;

attacks! {
    fn an_event_dated_before_the_one_before_it_is_refused
        does "dates an event before the one that it follows"
        with AllKeys
        stopped_by "times that never go back"
        says "bad from event 4 on (00000000000000000000.segment, byte 1224): it is dated 60000 ms before the event that it follows"
    {
        let trail = Trail::of_three_runs();
        let mut tape = Tape::of(&trail);
        tape.event(4).time_ms = START_MS;
        tape.chain();
        tape.sign_all();
        tape.put(&trail);
        trail.verify()
    }

    fn an_event_dated_before_a_witness_saw_the_log_without_it_is_refused
        does "adds an event later, and dates it before a witness saw the trail without it"
        with Keys
        stopped_by "the time in the cosignature; 300 s are allowed for clocks that differ"
        says "back-dated: event 8 is dated [seconds] s before the witness witness.example/a saw the log without it"
    {
        let trail = Trail::of_three_runs();
        let witness = Cosigner::new("witness.example/a");
        witness.publish(&trail);
        trail.run_at("d", now_ms() - HOUR_MS);
        trail.verify_with(&witness.policy(), &[])
    }

    fn an_event_dated_after_a_witness_saw_it_is_refused
        does "dates an event later than it was"
        with Keys
        stopped_by "the time in the cosignature; 300 s are allowed for clocks that differ"
        says "post-dated: event 8 is dated [seconds] s after the witness witness.example/a saw it in the log"
    {
        let trail = Trail::of_three_runs();
        let witness = Cosigner::new("witness.example/a");
        trail.run_at("d", now_ms() + HOUR_MS);
        witness.publish(&trail);
        trail.verify_with(&witness.policy(), &[])
    }
}
