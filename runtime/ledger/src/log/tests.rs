//! What holds of a log whatever happens to its disk.

use std::num::NonZero;

use zeroize::Zeroizing;

use super::*;
use crate::{
    body::{Run, Signing, Verdict, Violation},
    compact::Compacted,
    disk::simulated::{Failure, Rng as Dice, Simulated},
    keyfile::SALT_BYTES,
    names::{CHECKPOINT, STATE},
    reader::{self, Entry},
    verify::{Audit, AuditError, Verifier},
};

const START_MS: u64 = 1_768_492_800_000;

/// Small, so that epochs and segments end often.
fn settings(signing: Signing) -> Settings {
    Settings {
        epochs: 256,
        epoch_events_max: 24,
        segment_bytes: 4096,
        signing,
        ..Settings::new("example.com/log".into(), Hash::of(b"host"), "invar test".into())
    }
}

fn entropy() -> Entropy {
    Entropy {
        log: Zeroizing::new([1; 32]),
        epoch: Zeroizing::new([2; 32]),
        nonce: [3; 32],
        salt: [4; SALT_BYTES],
    }
}

fn create(disk: &Simulated) -> Result<Log<Simulated>, LogError> {
    Log::create(disk.clone(), &settings(Signing::Batch), &entropy(), None, START_MS)
}

fn open(disk: &Simulated) -> Result<(Log<Simulated>, Recovery), LogError> {
    Log::open(disk.clone(), None, 4096)
}

fn run(component: u8) -> Body {
    Body::Run(Run { skill: "hello".into(), component: Hash([component; 32]), fuel: 1000, ..Run::default() })
}

fn violation(component: u8) -> Body {
    Body::Violation(Violation {
        component: Hash([component; 32]),
        lines: vec!["network: \"tcp://203.0.113.9:443\"".into()],
        count: 1,
        ..Violation::default()
    })
}

fn verify(disk: &Simulated) -> Result<Audit, AuditError> {
    let verifier = Verifier { witnesses: &[], log: None, held: Vec::new(), jobs: NonZero::<usize>::MIN };
    verifier.verify(disk, &mut |_| {})
}

/// The leaves of all events that are there, acknowledged or not.
fn leaves(disk: &Simulated) -> Vec<Hash> {
    let mut leaves = Vec::new();
    reader::for_each(disk, 0, |_, entry, leaf| {
        assert!(matches!(entry, Entry::Event { .. }));
        leaves.push(leaf);
        true
    })
    .unwrap();
    leaves
}

/// Some events of all kinds that come in numbers.
fn write_some(log: &mut Log<Simulated>, dice: &mut Dice) -> Result<(), LogError> {
    for _ in 0..=dice.below(12) {
        let time_ms = START_MS + dice.next() % 1000;
        let component = u8::try_from(dice.below(3)).unwrap();
        log.append(run(component), time_ms)?;
        match dice.below(6) {
            0 => {
                log.append(violation(component), time_ms)?;
            }
            1 => {
                log.append(Body::Verdict(Verdict::default()), time_ms)?;
            }
            _ => {}
        }
    }
    log.commit()?;
    match dice.below(12) {
        0 => log.publish().map(drop),
        1 => log.close(START_MS).map(drop),
        _ => Ok(()),
    }
}

#[test]
fn a_log_that_is_opened_again_goes_on_where_it_was() {
    let disk = Simulated::default();
    let mut dice = Dice(1);
    let mut log = create(&disk).unwrap();
    for round in 0..60 {
        write_some(&mut log, &mut dice).unwrap();
        if round % 3 == 0 {
            let head = log.head();
            drop(log);
            let (again, recovery) = open(&disk).unwrap();
            assert_eq!((again.head(), recovery.cut_bytes), (head, 0));
            log = again;
        }
    }
    let audit = verify(&disk).unwrap();
    assert_eq!(audit.head, log.head());
    assert!(audit.epoch > 10 && segment::all(&disk).unwrap().len() > 10, "{audit:?}");
}

#[test]
fn the_note_of_the_end_is_believed_only_if_nobody_wrote_to_a_segment_since() {
    let disk = Simulated::default();
    let mut log = create(&disk).unwrap();
    for _ in 0..10 {
        (0..10).for_each(|_| assert!(log.append(run(1), START_MS).is_ok()));
        log.commit().unwrap();
    }
    let head = log.close(START_MS).unwrap();
    drop(log);
    assert_eq!(open(&disk.copy()).unwrap().0.head(), head);
    // What was written to is read from its first byte: the end alone would fit.
    let mut without = disk.copy();
    without.truncate(&segment::name(0), 10).unwrap();
    assert!(open(&without).err().unwrap().is_damage());
    assert!(verify(&without).is_err());
}

#[test]
fn violations_follow_the_run_that_they_are_of() {
    let disk = Simulated::default();
    let mut log = create(&disk).unwrap();
    assert!(matches!(log.append(violation(1), START_MS), Err(LogError::NoRun)));
    let run = log.append(run(1), START_MS).unwrap();
    assert!(matches!(log.append(violation(2), START_MS), Err(LogError::NoRun)));
    let index = log.append(violation(1), START_MS).unwrap();
    log.commit().unwrap();
    let Some((Entry::Event { event, .. }, _)) = reader::entry(&disk, index).unwrap() else { panic!() };
    assert!(matches!(event.body, Body::Violation(Violation { run: of, .. }) if of == run));
}

#[test]
fn what_the_log_says_of_itself_nobody_else_says() {
    let disk = Simulated::default();
    let mut log = create(&disk).unwrap();
    let genesis = log.genesis().clone();
    assert!(matches!(log.append(Body::Genesis(genesis), START_MS), Err(LogError::Reserved("genesis"))));
}

#[test]
fn a_log_whose_epochs_are_used_up_takes_no_more_and_stays_whole() {
    let disk = Simulated::default();
    let few = Settings { epochs: 3, ..settings(Signing::Batch) };
    let mut log = Log::create(disk.clone(), &few, &entropy(), None, START_MS).unwrap();
    let error = loop {
        if let Err(error) = log.append(run(1), START_MS) {
            break error;
        }
        log.commit().unwrap();
    };
    assert!(matches!(error, LogError::Exhausted { epochs: 3 }), "{error}");
    assert_eq!(verify(&disk).unwrap().epoch, 2);
}

#[test]
fn each_event_can_be_signed_by_itself() {
    let disk = Simulated::default();
    let mut log = Log::create(disk.clone(), &settings(Signing::Each), &entropy(), None, START_MS).unwrap();
    (0..100).for_each(|_| assert!(log.append(run(1), START_MS).is_ok()));
    log.commit().unwrap();
    let audit = verify(&disk).unwrap();
    // One for each event, and one for each batch: the first, and one more in each epoch.
    assert_eq!(audit.signatures, audit.head.size + 2 + u64::from(audit.epoch));
}

#[test]
fn an_old_epochs_key_cannot_be_found_on_the_disk() {
    let disk = Simulated::default();
    let mut log = create(&disk).unwrap();
    let old = disk.read(KEY, KEY_FILE_BYTES_MAX).unwrap().unwrap();
    let seed = entropy().epoch;
    assert!(old.windows(32).any(|window| window == *seed));
    (0..60).for_each(|_| assert!(log.append(run(1), START_MS).is_ok()));
    log.commit().unwrap();
    for name in disk.names().unwrap() {
        let bytes = disk.read(&name, 1 << 20).unwrap().unwrap();
        assert!(!bytes.windows(32).any(|window| window == *seed), "{name}");
    }
}

#[test]
fn what_is_let_go_of_leaves_every_proof_valid() {
    let disk = Simulated::default();
    let mut dice = Dice(5);
    let mut log = create(&disk).unwrap();
    (0..80).for_each(|_| write_some(&mut log, &mut dice).unwrap());
    let (before, size) = (verify(&disk).unwrap(), log.head().size);
    let roots = |disk: &Simulated| -> Vec<Hash> {
        (1..=size).map(|size| crate::tree::root(&crate::NodeFile::new(disk), size).unwrap()).collect()
    };
    let whole = roots(&disk);
    let compacted = log.compact(u64::MAX).unwrap();
    assert!(compacted.segments > 5 && compacted.events > 300, "{compacted:?}");
    assert!(compacted.bytes_after < compacted.bytes_before / 2, "{compacted:?}");
    assert_eq!(log.compact(u64::MAX).unwrap(), Compacted::default(), "once is enough");

    let after = verify(&disk).unwrap();
    assert_eq!((after.head, after.gone), (before.head, compacted.events));
    // The log goes on, from a state and without one.
    log.close(START_MS).unwrap();
    write_some(&mut log, &mut dice).unwrap();
    let head = log.head();
    drop(log);
    let mut without = disk.copy();
    without.remove(crate::names::STATE).unwrap();
    without.remove(crate::names::NODES).unwrap();
    let (log, _) = open(&without).unwrap();
    assert_eq!(log.head(), head);
    assert_eq!(roots(&without), whole);
    verify(&without).unwrap();
}

#[test]
fn who_says_that_a_skill_ran_less_often_before_is_found_out() {
    let disk = Simulated::default();
    let mut dice = Dice(6);
    let mut log = create(&disk).unwrap();
    (0..20).for_each(|_| write_some(&mut log, &mut dice).unwrap());
    log.compact(u64::MAX).unwrap();
    drop(log);
    let name = segment::name(0);
    let mut records =
        crate::segment::Records::new(&disk, name.clone(), segment::HEADER_BYTES as u64, Hash::default());
    let mut bytes = vec![0; segment::HEADER_BYTES];
    disk.read_at(&name, 0, &mut bytes).unwrap();
    // Everything as it was, and one run less.
    loop {
        let link_before = records.link();
        let Some(record) = records.read().unwrap().unwrap() else { break };
        match record {
            segment::Record::Event(event, _) => {
                segment::write_event(&mut bytes, event, Hash::link(link_before, event));
            }
            segment::Record::Tombstone { leaf, link } => segment::write_tombstone(&mut bytes, leaf, link),
            segment::Record::Commit(commit) => segment::write_commit(&mut bytes, &commit, link_before),
            segment::Record::Runs(entries) => {
                let mut runs: BTreeMap<Hash, u64> = entries.iter().map(segment::run_count).collect();
                *runs.values_mut().next().unwrap() -= 1;
                segment::write_runs(&mut bytes, &runs, link_before);
            }
        }
    }
    let mut other = disk.copy();
    other.create(&name, &bytes).unwrap();
    let error = verify(&other).unwrap_err().to_string();
    assert!(error.contains("come to something else"), "{error}");
}

#[test]
fn a_segment_that_names_another_log_is_refused() {
    let disk = Simulated::default();
    let mut dice = Dice(8);
    let mut log = create(&disk).unwrap();
    (0..20).for_each(|_| write_some(&mut log, &mut dice).unwrap());
    for first in segment::all(&disk).unwrap().into_iter().take(2) {
        let name = segment::name(first);
        let mut bytes = disk.read(&name, 1 << 20).unwrap().unwrap();
        let header = segment::Header::from_bytes(&bytes).unwrap();
        let named = segment::Header { log: Hash::of(b"other"), ..header }.to_bytes();
        bytes[..segment::HEADER_BYTES].copy_from_slice(&named);
        let mut other = disk.copy();
        other.create(&name, &bytes).unwrap();
        let error = verify(&other).unwrap_err().to_string();
        assert!(error.contains("segment"), "{error}");
    }
}

#[test]
fn the_next_epoch_can_begin_at_any_time() {
    let disk = Simulated::default();
    let mut log = create(&disk).unwrap();
    assert_eq!(log.rotate(START_MS).unwrap(), 1);
    assert_eq!(log.rotate(START_MS).unwrap(), 2);
    log.append(run(1), START_MS).unwrap();
    log.commit().unwrap();
    assert_eq!(verify(&disk).unwrap().epoch, 2);
}

/// One life after the other on one disk, each ended by a power cut.
///
/// Nothing that was acknowledged may be lost, and nothing may be there that nobody wrote.
fn lives_and_power_cuts(seed: u64, cuts: u64) {
    let mut dice = Dice(seed);
    let mut disk = Simulated::default();
    let mut acknowledged: Vec<Hash> = Vec::new();
    for life in 0..cuts {
        disk.fail(Some(Failure::Power(1 + dice.below(60))));
        let log = match open(&disk) {
            Err(LogError::Missing) => create(&disk),
            opened => opened.map(|(log, _)| log),
        };
        match log {
            Ok(mut log) => {
                let mut head = log.head();
                while write_some(&mut log, &mut dice).map(|()| head = log.head()).is_ok() {}
                head = if log.head().size > head.size { log.head() } else { head };
                let submitted = leaves(&disk);
                assert!(submitted.len() as u64 >= head.size);
                let known = submitted[..usize::try_from(head.size).unwrap()].to_vec();
                assert!(
                    known.starts_with(&acknowledged),
                    "seed {seed}, life {life}: an earlier event changed"
                );
                acknowledged = known;
                let found = disk.after_power_cut(&mut dice);
                check(&found.copy(), &acknowledged, &submitted, (seed, life));
                disk = found;
            }
            Err(error) => {
                // The power went while it was opened; anything else is a log that was lost.
                assert!(disk.is_dead(), "seed {seed}, life {life}: {error}");
                let submitted = leaves(&disk);
                let found = disk.after_power_cut(&mut dice);
                if !acknowledged.is_empty() {
                    check(&found.copy(), &acknowledged, &submitted, (seed, life));
                }
                disk = found;
            }
        }
    }
}

fn check(disk: &Simulated, acknowledged: &[Hash], submitted: &[Hash], place: (u64, u64)) {
    let (log, _) = match open(disk) {
        Ok(opened) => opened,
        Err(LogError::Missing) if acknowledged.is_empty() => return,
        Err(error) => panic!("{place:?}: {} acknowledged, and {error}", acknowledged.len()),
    };
    let size = usize::try_from(log.head().size).unwrap();
    assert!(size >= acknowledged.len(), "{place:?}: {size} of {} are there", acknowledged.len());
    let found = leaves(disk);
    assert_eq!(found.len(), size, "{place:?}");
    assert!(found.starts_with(acknowledged), "{place:?}: an acknowledged event changed");
    assert!(submitted.starts_with(&found), "{place:?}: an event is there that nobody wrote");
    verify(disk).unwrap_or_else(|error| panic!("{place:?}: {error}"));
}

/// As many as `INVAR_POWER_CUTS` says, else what a test run has time for.
#[expect(clippy::disallowed_methods, reason = "whoever runs the test says how long")]
#[test]
fn no_acknowledged_event_is_lost_in_a_power_cut_and_none_is_invented() {
    const CUTS_OF_A_SEED: u64 = 20;
    let cuts: u64 =
        std::env::var("INVAR_POWER_CUTS").ok().and_then(|text| text.parse().ok()).unwrap_or(4_000);
    let threads = 2_usize;
    std::thread::scope(|scope| {
        for thread in 0..threads {
            scope.spawn(move || {
                (thread as u64..cuts / CUTS_OF_A_SEED)
                    .step_by(threads)
                    .for_each(|seed| lives_and_power_cuts(seed, CUTS_OF_A_SEED));
            });
        }
    });
}

#[test]
fn a_failed_sync_is_fatal_and_loses_nothing_that_was_acknowledged() {
    for at in 1..40 {
        let disk = Simulated::default();
        let mut log = create(&disk).unwrap();
        let mut dice = Dice(at as u64);
        disk.fail(Some(Failure::Sync(at)));
        let mut head = log.head();
        let error = loop {
            match write_some(&mut log, &mut dice) {
                Ok(()) => head = log.head(),
                Err(error) => break error,
            }
        };
        assert!(matches!(error, LogError::Write { .. }), "{error}");
        log.append(run(1), START_MS).unwrap();
        let again = log.commit();
        // Only what is not the log itself, like a checkpoint, may fail and leave it as it was.
        if again.is_err() {
            assert!(matches!(again, Err(LogError::Broken)), "{again:?}");
        }
        let head = if log.head().size > head.size { log.head() } else { head };
        let submitted = leaves(&disk);
        drop(log);
        let found = disk.after_power_cut(&mut dice);
        check(&found, &submitted[..usize::try_from(head.size).unwrap()], &submitted, (at as u64, 0));
    }
}

#[test]
fn a_full_disk_stops_the_log_and_it_goes_on_when_there_is_room() {
    for at in 1..40 {
        let disk = Simulated::default();
        let mut log = create(&disk).unwrap();
        let mut dice = Dice(at as u64);
        disk.fail(Some(Failure::Full(at)));
        let mut head = log.head();
        let error = loop {
            match write_some(&mut log, &mut dice) {
                Ok(()) => head = log.head(),
                Err(error) => break error,
            }
        };
        assert!(error.to_string().contains("was not written"), "{error}");
        let head = if log.head().size > head.size { log.head() } else { head };
        drop(log);
        disk.fail(None);
        let (mut log, _) = open(&disk).unwrap();
        assert!(log.head().size >= head.size);
        write_some(&mut log, &mut dice).unwrap();
        verify(&disk).unwrap();
    }
}

#[test]
fn every_cut_and_every_flipped_bit_of_a_small_log_is_found() {
    let disk = Simulated::default();
    let mut log = create(&disk).unwrap();
    for component in 0..3 {
        log.append(run(component), START_MS).unwrap();
        log.commit().unwrap();
    }
    log.publish().unwrap();
    let head = log.head();
    drop(log);
    let name = segment::name(0);
    let whole = disk.read(&name, 1 << 20).unwrap().unwrap();
    for cut in 0..whole.len() {
        let mut less = disk.copy();
        less.truncate(&name, cut as u64).unwrap();
        assert!(verify(&less).is_err(), "cut at {cut}");
        let opened = open(&less.copy());
        assert!(opened.is_err(), "cut at {cut}: a log shorter than what was published was opened");
        assert_eq!(less.size(&name).unwrap(), Some(cut as u64), "cut at {cut}: it was changed");
    }
    for bit in 0..whole.len() * 8 {
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let mut other = disk.copy();
        other.create(&name, &bytes).unwrap();
        assert!(verify(&other).is_err(), "bit {bit}");
        if let Ok((log, _)) = open(&other) {
            panic!("bit {bit}: opened at {} of {}", log.head().size, head.size);
        }
    }
}

#[test]
fn what_a_cut_write_has_left_is_kept_aside_and_told() {
    let disk = Simulated::default();
    let mut log = create(&disk).unwrap();
    log.append(run(1), START_MS).unwrap();
    let head = log.commit().unwrap();
    drop(log);
    let mut torn = disk.copy();
    torn.append(&segment::name(0), b"\x01\xff\x00\x00\x00 half a record").unwrap();
    let audit = verify(&torn).unwrap();
    assert_eq!((audit.head, audit.behind_bytes), (head, 19));
    let (log, recovery) = open(&torn).unwrap();
    assert_eq!(log.head(), head);
    assert_eq!(
        recovery,
        Recovery {
            cut_bytes: 19,
            cut_events: 0,
            kept_as: Some(format!("cut-behind-{}", head.size)),
            was_interrupted: true
        }
    );
    assert_eq!(torn.read(&recovery.kept_as.unwrap(), 100).unwrap().unwrap().len(), 19);
    drop(log);
    assert_eq!(open(&torn).unwrap().1.cut_bytes, 0);
}

#[test]
fn each_epoch_is_signed_for_to_its_end_by_its_own_key() {
    let disk = Simulated::default();
    let mut log = create(&disk).unwrap();
    // So many at once that they are of several epochs.
    (0..100).for_each(|_| assert!(log.append(run(1), START_MS).is_ok()));
    log.commit().unwrap();
    let audit = verify(&disk).unwrap();
    assert!(audit.epoch >= 4 && audit.signatures > u64::from(audit.epoch), "{audit:?}");
    // And after a long time each.
    const DAYS_MS: u64 = 3 * 24 * 60 * 60 * 1000;
    for round in 1..6 {
        log.append(run(1), START_MS + round * DAYS_MS).unwrap();
    }
    log.commit().unwrap();
    assert_eq!(verify(&disk).unwrap().epoch, audit.epoch + 5);
    log.compact(u64::MAX).unwrap();
    verify(&disk).unwrap();
}

#[test]
fn a_violation_stays_with_its_run_where_a_segment_is_full() {
    let disk = Simulated::default();
    let few = Settings { segment_bytes: 1, ..settings(Signing::Batch) };
    let mut log = Log::create(disk.clone(), &few, &entropy(), None, START_MS).unwrap();
    for _ in 0..30 {
        log.append(run(1), START_MS).unwrap();
        log.commit().unwrap();
        log.append(violation(1), START_MS).unwrap();
        log.commit().unwrap();
    }
    assert!(segment::all(&disk).unwrap().len() >= 30);
    verify(&disk).unwrap();
}

#[test]
fn a_log_that_was_cut_into_an_earlier_epoch_is_not_gone_on_with() {
    let disk = Simulated::default();
    let mut log = create(&disk).unwrap();
    log.append(run(1), START_MS).unwrap();
    log.commit().unwrap();
    let old = disk.copy();
    log.append(run(1), START_MS).unwrap();
    log.rotate(START_MS).unwrap();
    let size = log.head().size;
    drop(log);
    // Everything as it was before, but for the key.
    let mut mixed = old.copy();
    let key = disk.read(KEY, KEY_FILE_BYTES_MAX).unwrap().unwrap();
    mixed.create(KEY, &key).unwrap();
    let error = open(&mixed).err().unwrap().to_string();
    assert_eq!(
        error,
        format!(
            "the log has 3 events, and {} were there when its key took over: it was cut, or this is an old copy; \
             nothing was changed",
            size - 1
        )
    );
    // Another history of the same keys.
    let (mut other, _) = open(&old).unwrap();
    other.rotate(START_MS).unwrap();
    drop(other);
    let mut mixed = old.copy();
    mixed.create(KEY, &key).unwrap();
    let error = open(&mixed).err().unwrap().to_string();
    assert!(
        error.starts_with("the key took over at event 4, and the log says that it was at event 3"),
        "{error}"
    );
}

#[test]
fn a_state_from_before_a_compaction_does_no_harm() {
    let disk = Simulated::default();
    let mut log = create(&disk).unwrap();
    (0..20).for_each(|_| assert!(log.append(run(1), START_MS).is_ok()));
    log.close(START_MS).unwrap();
    let state = disk.read(STATE, 1 << 20).unwrap().unwrap();
    for _ in 0..10 {
        (0..20).for_each(|_| assert!(log.append(run(1), START_MS).is_ok()));
        log.commit().unwrap();
    }
    assert!(log.compact(u64::MAX).unwrap().segments > 1);
    let head = log.head();
    drop(log);
    // Nobody came to keep a newer one.
    assert_eq!(disk.read(STATE, 1 << 20).unwrap().unwrap(), state);
    assert_eq!(open(&disk).unwrap().0.head(), head);
}

#[test]
fn a_log_whose_segments_are_gone_is_not_begun_anew() {
    let disk = Simulated::default();
    let mut log = create(&disk).unwrap();
    log.append(run(1), START_MS).unwrap();
    log.commit().unwrap();
    log.publish().unwrap();
    log.close(START_MS).unwrap();
    drop(log);
    let error = |without: &[&str]| {
        let mut left = disk.copy();
        without.iter().for_each(|name| left.remove(name).unwrap());
        assert!(matches!(create(&left), Err(LogError::Exists)));
        open(&left).err().unwrap().to_string()
    };
    let first = segment::name(0);
    let text = error(&[&first]);
    assert!(text.starts_with("the log has 0 events, and 4 were there when it was last closed"), "{text}");
    let text = error(&[&first, STATE]);
    assert!(text.starts_with("the log has 0 events, and 3 were published"), "{text}");
    let text = error(&[&first, STATE, CHECKPOINT]);
    assert!(text.starts_with(&format!("{first}, at byte 0: no event is there")), "{text}");
}

#[test]
fn damage_before_a_signature_with_something_behind_it_is_never_taken_for_a_write_that_was_cut_short() {
    let disk = Simulated::default();
    let mut log = create(&disk).unwrap();
    for component in 0..3 {
        log.append(run(component), START_MS).unwrap();
        log.commit().unwrap();
    }
    let name = segment::name(0);
    drop(log);
    // Where the last signature but one is: it has something behind it.
    let mut records =
        segment::Records::new(&disk, name.clone(), segment::HEADER_BYTES as u64, Hash::default());
    let mut signatures = Vec::new();
    loop {
        let offset = usize::try_from(records.offset()).unwrap();
        match records.read().unwrap().unwrap() {
            Some(segment::Record::Commit(_)) => signatures.push(offset),
            Some(_) => {}
            None => break,
        }
    }
    let before = signatures[signatures.len() - 2];
    let whole = disk.read(&name, 1 << 20).unwrap().unwrap();
    for at in segment::HEADER_BYTES..before {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        let mut other = disk.copy();
        other.create(&name, &bytes).unwrap();
        assert!(verify(&other).is_err(), "byte {at}");
        assert!(open(&other).is_err(), "byte {at}");
    }
    // What was noted at the end says so of the last batch, too.
    let (mut log, _) = open(&disk).unwrap();
    log.close(START_MS).unwrap();
    drop(log);
    let whole = disk.read(&name, 1 << 20).unwrap().unwrap();
    let mut bytes = whole.clone();
    *bytes.last_mut().unwrap() ^= 1;
    let mut other = disk.copy();
    other.create(&name, &bytes).unwrap();
    let error = verify(&other).unwrap_err().to_string();
    assert_eq!(
        error,
        "bad from event 6 on (00000000000000000000.segment, byte 2210): what is there is no record that \
         follows the one before it, and what was noted when it was last closed is of 6 events"
    );
}
