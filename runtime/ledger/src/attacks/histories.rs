//! Two histories of one key: made by who has it, for different eyes.

use super::{attacks, cosigner::Cosigner, trail::Trail};

/// The same trail, by its keys, in which other skills ran.
fn other_history(skills: &[&str]) -> Trail {
    let other = Trail::new();
    other.runs(skills);
    other
}

/// Everything but the lock, so that nothing of what was is left.
fn put_in_place(trail: &Trail, other: &Trail) {
    trail.take(other, |name| name != "lock");
}

attacks! {
    fn a_rewritten_tail_is_not_found_without_help_from_outside
        does "writes all that followed anew, signed with the keys"
        with AllKeys
        stopped_by "nothing on this machine: it needs a witness, or a receipt that somebody holds"
        says "locally consistent, not witnessed"
    {
        let trail = Trail::of_three_runs();
        trail.publish();
        let other = other_history(&["a", "x", "c"]);
        other.publish();
        put_in_place(&trail, &other);
        trail.verify()
    }

    fn a_rewritten_tail_is_seen_by_who_holds_a_checkpoint
        does "does that, after a witness cosigned, and somebody kept the checkpoint"
        with AllKeys
        stopped_by "the checkpoint: both are signed by the trail's key"
        says "rewritten: checkpoint.held is of 8 events that are not the first 8 here: the log's key signed two histories"
    {
        let trail = Trail::of_three_runs();
        let witness = Cosigner::new("witness.example/a");
        let held = witness.publish(&trail);
        put_in_place(&trail, &other_history(&["a", "x", "c"]));
        trail.verify_with(&witness.policy(), &[("checkpoint.held", &held.to_string())])
    }

    fn a_rewritten_event_is_seen_by_who_holds_its_receipt
        does "writes an event anew, of which the caller has a receipt"
        with AllKeys
        stopped_by "the receipt"
        says "omitted: run.tlog-proof promises event 4, and another event is there"
    {
        let trail = Trail::of_three_runs();
        let receipt = trail.receipt(4);
        put_in_place(&trail, &other_history(&["a", "x", "c"]));
        trail.verify_held(&[("run.tlog-proof", &receipt)])
    }

    fn a_rewritten_past_is_seen_by_who_holds_a_receipt_of_later
        does "writes an event anew that is before the one of the receipt"
        with AllKeys
        stopped_by "the checkpoint in the receipt"
        says "omitted: run.tlog-proof promises event 6, and another event is there"
    {
        let trail = Trail::of_three_runs();
        let receipt = trail.receipt(6);
        put_in_place(&trail, &other_history(&["x", "b", "c"]));
        // Another skill ran first, and the run of the receipt has other events before it.
        trail.verify_held(&[("run.tlog-proof", &receipt)])
    }

    fn an_omitted_run_is_seen_by_who_holds_its_receipt
        does "leaves out a run that the caller has a receipt of"
        with AllKeys
        stopped_by "the receipt"
        says "omitted: run.tlog-proof promises event 4, and another event is there"
    {
        let trail = Trail::of_three_runs();
        let receipt = trail.receipt(4);
        put_in_place(&trail, &other_history(&["a", "c", "d"]));
        trail.verify_held(&[("run.tlog-proof", &receipt)])
    }

    fn two_roots_of_one_size_are_proof_against_the_keeper
        does "signs two checkpoints of one size"
        with AllKeys
        stopped_by "either checkpoint, held against the other's trail"
        says "rewritten: checkpoint.other is of 8 events that are not the first 8 here: the log's key signed two histories"
    {
        let (one, other) = (Trail::of_three_runs(), other_history(&["a", "x", "c"]));
        let (of_one, of_other) = (one.publish(), other.publish());
        assert_eq!(of_one.checkpoint().size(), of_other.checkpoint().size());
        let first = one.verify_held(&[("checkpoint.other", &of_other.to_string())]);
        let second = other.verify_held(&[("checkpoint.other", &of_one.to_string())]);
        assert_eq!(first, second);
        first
    }

    fn a_split_view_between_two_witnesses_is_seen_by_who_holds_both
        does "shows each of two witnesses a history of its own"
        with AllKeys
        stopped_by "whoever holds what both cosigned; a policy that asks for both is never satisfied"
        says "rewritten: checkpoint.other is of 8 events that are not the first 8 here: the log's key signed two histories"
    {
        let (one, other) = (Trail::of_three_runs(), other_history(&["a", "x", "c"]));
        let first = Cosigner::new("witness.example/a");
        let second = Cosigner::new("witness.example/b");
        first.publish(&one);
        let of_other = second.publish(&other);
        one.verify_with(&first.policy(), &[("checkpoint.other", &of_other.to_string())])
    }
}
