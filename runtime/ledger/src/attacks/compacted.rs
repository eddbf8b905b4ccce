//! What is left of events that were pruned, changed; and events that are made to look as if they had been.

use super::{
    attacks,
    tape::{Item, Tape},
    trail::{MINUTE_MS, START_MS, Trail, run, settings},
};
use crate::{Body, Event, Hash, Log, Settings, body::Verdict};

/// Segments of which all but the last were pruned.
fn compacted() -> Trail {
    let trail = Trail::with(&Settings { segment_bytes: 1, ..settings() }, 1);
    for minute in 1..4 {
        let mut log = Log::open(trail.disk(), None, 1).unwrap().0;
        let time_ms = START_MS + minute * MINUTE_MS;
        log.append(run("a"), time_ms).unwrap();
        log.append(Body::Verdict(Verdict { verdict: "VARIANT".into(), ..Verdict::default() }), time_ms)
            .unwrap();
        log.close(time_ms).unwrap();
    }
    let mut log = Log::open(trail.disk(), None, 1).unwrap().0;
    let done = log.compact(u64::MAX).unwrap();
    assert!(done.segments >= 2, "{done:?}");
    log.close(START_MS + 9 * MINUTE_MS).unwrap();
    drop(log);
    assert!(trail.verify().starts_with("locally consistent, not witnessed; of "));
    trail
}

fn first(tape: &Tape, is_it: impl Fn(&Item) -> bool) -> usize {
    tape.0.iter().position(is_it).unwrap()
}

/// What is left of an event.
fn gone(event: &Event) -> Item {
    let bytes = event.to_bytes().unwrap();
    Item::Tombstone { leaf: Hash::leaf(&bytes), link: Hash::link(event.previous, &bytes) }
}

attacks! {
    fn a_changed_leaf_of_what_was_let_go_of_is_found
        does "changes the hash that is left of a run"
        with Files
        stopped_by "the tree: the root that was signed is another"
        says "bad from event 6 on (00000000000000000002.segment, byte 655): what is signed before it is not what the events come to"
    {
        let trail = compacted();
        let mut tape = Tape::of(&trail);
        let at = first(&tape, |item| matches!(item, Item::Tombstone { .. }));
        let Item::Tombstone { leaf, .. } = &mut tape.0[at] else { panic!() };
        *leaf = Hash::of(b"another run");
        tape.put(&trail);
        trail.verify()
    }

    fn a_changed_link_of_what_was_let_go_of_is_found
        does "changes the link that is left of a run"
        with Files
        stopped_by "the chain: the next event holds it"
        says "bad from event 4 on (00000000000000000002.segment, byte 346): it does not follow the event before it: that one has link [hash], and it says [hash]"
    {
        let trail = compacted();
        let mut tape = Tape::of(&trail);
        let at = first(&tape, |item| matches!(item, Item::Tombstone { .. }));
        let Item::Tombstone { link, .. } = &mut tape.0[at] else { panic!() };
        *link = Hash::of(b"another link");
        tape.put(&trail);
        trail.verify()
    }

    fn a_changed_count_of_runs_is_found
        does "changes how often a skill ran, where its runs were pruned"
        with Files
        stopped_by "the summary that the next segment begins with"
        says "bad from event 6 on (00000000000000000006.segment, byte 103): it says what the events before it come to, and they come to something else"
    {
        let trail = compacted();
        let mut tape = Tape::of(&trail);
        let at = first(&tape, |item| matches!(item, Item::Runs(_)));
        let Item::Runs(entries) = &mut tape.0[at] else { panic!() };
        entries[0][32..].copy_from_slice(&7_u64.to_le_bytes());
        tape.put(&trail);
        trail.verify()
    }

    fn a_count_of_runs_at_the_end_is_refused
        does "puts a count of runs at the end, so that the next run has a number of theirs"
        with Files
        stopped_by "no count is believed that no summary confirms"
        says "bad from event 8 on (00000000000000000000.segment, byte 0): events were pruned, or runs counted, and no summary follows that says the same: nothing signed stands for it"
    {
        let trail = Trail::of_three_runs();
        let mut tape = Tape::of(&trail);
        let mut entry = [0; 40];
        entry[..32].copy_from_slice(&Hash::of(b"a").0);
        entry[32..].copy_from_slice(&5000_u64.to_le_bytes());
        let last = *tape.commits().last().unwrap();
        tape.0.insert(last, Item::Runs(vec![entry]));
        tape.put(&trail);
        trail.verify()
    }

    fn an_event_let_go_of_at_the_end_is_refused
        does "prunes a run that is not old"
        with Files
        stopped_by "runs are pruned in segments that ended only: no summary follows this one"
        says "bad from event 8 on (00000000000000000000.segment, byte 0): events were pruned, or runs counted, and no summary follows that says the same: nothing signed stands for it"
    {
        let trail = Trail::of_three_runs();
        let mut tape = Tape::of(&trail);
        let at = tape.at(6);
        tape.0[at] = gone(&tape.event(6).clone());
        tape.put(&trail);
        trail.verify()
    }

    fn an_event_let_go_of_by_somebody_else_is_counted
        does "prunes a verdict, in a segment that ended"
        with Files
        stopped_by "nothing: it can be told from what the operator pruned by its number only. Whoever holds its receipt can still prove it"
        says "locally consistent, not witnessed; of 5 events only hashes are left: they were pruned"
    {
        let trail = compacted();
        let mut tape = Tape::of(&trail);
        let at = first(&tape, |item| matches!(item, Item::Event(event, _) if matches!(event.body, Body::Verdict(_))));
        let Item::Event(event, _) = tape.0[at].clone() else { panic!() };
        tape.0[at] = gone(&event);
        tape.put(&trail);
        trail.verify()
    }
}
