//! The files beside the events, forged.

use std::fs;

use super::{
    attacks,
    tape::{Item, Tape},
    trail::{MINUTE_MS, START_MS, Trail, entropy, run},
};
use crate::{
    Body, Hash, Proof, Signer,
    cbor::append,
    disk::{Directory, Disk},
    note::KeyName,
    reader::{self, Entry},
    segment::End,
    state::{self, State},
};

/// What was noted at the end of a trail.
fn noted(trail: &Trail) -> State {
    state::read(&trail.disk(), &entropy(1).log).unwrap()
}

/// Writes it without the seal that only the trail's secret makes.
fn forge(trail: &Trail, state: &State) {
    let mut content = Vec::new();
    append(state, &mut content);
    let check = Hash::of(&content);
    content.extend_from_slice(&check.0);
    fs::write(trail.file("state"), content).unwrap();
}

attacks! {
    fn a_forged_note_hides_no_events
        does "forges the note of the end, so that the events after it do not fit and are set aside"
        with Files
        stopped_by "the note is sealed with the trail's secret; where it is not, the events are read"
        says "locally consistent, not witnessed"
    {
        let trail = Trail::of_three_runs();
        // Where the trail stood after the first run, but for the link.
        let early = Trail::new();
        early.runs(&["a"]);
        let State { position, end, segments } = noted(&early);
        let tape = Tape::of(&trail);
        assert!(matches!(&tape.0[tape.commits()[1]], Item::Commit(commit) if *commit == end.commit));
        let state = State { position: crate::Position { link: Hash::of(b"theirs"), ..position }, end, segments };
        forge(&trail, &state);
        fs::copy(early.file("nodes"), trail.file("nodes")).unwrap();
        trail.run_at("d", START_MS + 9 * MINUTE_MS);
        assert_eq!(trail.open().unwrap().head().size, 10);
        assert!(!fs::read_dir(trail.path()).unwrap().any(|entry| entry.unwrap().file_name().to_string_lossy().starts_with("cut-")));
        trail.verify()
    }

    fn a_forged_note_sets_no_counts
        does "forges how often a skill ran, in the note of the end"
        with Files
        stopped_by "the note is sealed with the trail's secret; where it is not, the events are read"
        says "locally consistent, not witnessed; the last command that wrote did not end in order, or the end was cut off since"
    {
        let trail = Trail::of_three_runs();
        let State { mut position, end, segments } = noted(&trail);
        position.runs.insert(Hash::of(b"a"), 5000);
        forge(&trail, &State { position, end, segments });
        let mut log = trail.open().unwrap();
        let index = log.append(run("a"), START_MS + 9 * MINUTE_MS).unwrap();
        log.commit().unwrap();
        let Some((Entry::Event { event, .. }, _)) = reader::entry(log.disk(), index).unwrap() else { panic!() };
        let Body::Run(run) = event.body else { panic!() };
        assert_eq!(run.run_index, 2);
        drop(log);
        trail.verify()
    }

    fn a_note_that_tells_of_more_events_is_an_alarm
        does "forges a note of more events than there are"
        with Files
        stopped_by "it is a false alarm, as any damage is; the next command does not believe it"
        says "cut: what was noted when it was last closed is of 9 events, and 8 are there"
    {
        let trail = Trail::of_three_runs();
        let State { mut position, end, segments } = noted(&trail);
        position.size += 1;
        let end = End { commit: crate::segment::Commit { size: position.size, ..end.commit }, ..end };
        forge(&trail, &State { position, end, segments });
        assert!(trail.open().is_ok());
        trail.verify()
    }

    fn forged_nodes_give_no_bad_proofs
        does "changes the file that proofs are made of"
        with Files
        stopped_by "each proof is checked before it is given; the file is made again from the events"
        says "nothing: the proof is the same as before"
    {
        let trail = Trail::of_three_runs();
        let good = trail.receipt(4);
        let whole = fs::read(trail.file("nodes")).unwrap();
        let mut healed = 0;
        for node in 0..whole.len() / 32 {
            let mut nodes = whole.clone();
            nodes[node * 32] ^= 1;
            fs::write(trail.file("nodes"), nodes).unwrap();
            assert_eq!(trail.receipt(4), good, "node {node}");
            healed += usize::from(fs::read(trail.file("nodes")).unwrap() == whole);
        }
        assert!(healed > 0);
        let proof = Proof::parse(good.as_bytes()).unwrap();
        assert!(proof.includes(Hash::leaf(proof.extra())));
        "nothing: the proof is the same as before".into()
    }

    fn an_event_that_was_changed_is_not_proved
        does "changes an event, and has it proved"
        with Files
        stopped_by "each proof is checked before it is given"
        says "event 4 is not what the checkpoint of 8 events stands for: it was changed on the disk; no proof was made"
    {
        let trail = Trail::of_three_runs();
        let checkpoint = trail.publish();
        let mut log = trail.open().unwrap();
        let Some((Entry::Event { mut event, .. }, _)) = reader::entry(log.disk(), 4).unwrap() else { panic!() };
        let Body::Run(run) = &mut event.body else { panic!() };
        run.fuel = 1;
        log.prove(4, event.to_bytes().unwrap(), checkpoint).unwrap_err().to_string()
    }

    fn a_receipt_that_was_made_up_says_nothing_against_the_keeper
        does "changes the event in a receipt, and says that the trail has omitted it"
        with Receipt
        stopped_by "the path in the receipt, which does not lead from that event to the checkpoint"
        says "run.tlog-proof does not lead from the event that it carries to its checkpoint: it was changed, or made up against the log; nothing follows from it"
    {
        let trail = Trail::of_three_runs();
        let proof = Proof::parse(trail.receipt(4).as_bytes()).unwrap();
        let mut event = crate::Event::from_bytes(proof.extra()).unwrap();
        let Body::Run(run) = &mut event.body else { panic!() };
        run.skill = "never-ran".into();
        let made_up = proof.with_extra(event.to_bytes().unwrap()).unwrap().to_string();
        trail.verify_held(&[("run.tlog-proof", &made_up)])
    }

    fn a_checkpoint_that_was_made_up_says_nothing_against_the_keeper
        does "makes up a checkpoint, and says that the trail was rewritten"
        with Receipt
        stopped_by "the signature of the trail's key"
        says "checkpoint.held is not signed by the key of this log: it is of another log, or made up"
    {
        let trail = Trail::of_three_runs();
        let name = trail.key().name().as_str().to_owned();
        let theirs = Signer::new(KeyName::new(&name).unwrap(), &[99; 32]);
        let checkpoint = crate::Checkpoint::new(&name, 4, Hash::of(b"made up")).unwrap();
        let held = crate::SignedCheckpoint::sign(checkpoint, &theirs).unwrap().to_string();
        trail.verify_held(&[("checkpoint.held", &held)])
    }

    fn bytes_behind_the_last_signature_count_for_nothing
        does "adds events without a signature"
        with Files
        stopped_by "what is behind the last signature counts for nothing, and the next command sets it aside"
        says "locally consistent, not witnessed; 287 bytes follow the last signature: a write that was cut short, or a last batch that was changed since; they count for nothing"
    {
        let trail = Trail::of_three_runs();
        let mut tape = Tape::of(&trail);
        let at = tape.at(6);
        let copy = tape.0[at].clone();
        tape.0.push(copy);
        let Item::Event(event, _) = tape.0.last_mut().unwrap() else { panic!() };
        let Body::Run(run) = &mut event.body else { panic!() };
        run.run_index = 2;
        tape.chain();
        tape.put(&trail);
        let said = trail.verify();
        let (_, recovery) = crate::Log::open(trail.disk(), None, 1 << 20).unwrap();
        assert_eq!((recovery.cut_events, recovery.kept_as.as_deref()), (1, Some("cut-behind-8")));
        assert!(Directory::reading(&trail.path()).size("cut-behind-8").unwrap() > Some(0));
        said
    }
}
