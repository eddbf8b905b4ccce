//! A trail that is damaged, wherever it is, is not written to.

use std::fs;

use super::trail::{MINUTE_MS, START_MS, Trail, run, settings};
use crate::{Hash, Settings, last_known};

const SEGMENT: &str = "00000000000000000000.segment";

#[test]
fn a_trail_that_is_damaged_anywhere_is_not_written_to() {
    let trail = Trail::of_three_runs();
    let known = trail.open().unwrap().head();
    let whole = fs::read(trail.file(SEGMENT)).unwrap();
    let mut written = Vec::new();
    for at in (0..whole.len()).step_by(7) {
        let mut bent = whole.clone();
        bent[at] ^= 0x10;
        fs::write(trail.file(SEGMENT), &bent).unwrap();
        if trail.open().is_ok() {
            written.push(at);
        }
        assert!(fs::read(trail.file(SEGMENT)).unwrap() == bent, "byte {at} was written to");
    }
    assert_eq!(written, Vec::<usize>::new());
    // What it was is known all the same, and whole again it goes on.
    let last = last_known(&trail.disk(), None);
    assert_eq!((last.size, last.root), (known.size, known.root));
    fs::write(trail.file(SEGMENT), &whole).unwrap();
    trail.run_at("d", START_MS + 9 * MINUTE_MS);
    assert_eq!(trail.verify(), "locally consistent, not witnessed");
}

#[test]
fn damage_done_while_a_command_writes_is_not_taken_for_its_own() {
    let trail = Trail::with(&Settings { segment_bytes: 1, ..settings() }, 1);
    let open = || crate::Log::open(trail.disk(), None, 1).map(|(log, _)| log);
    for minute in 1..4 {
        let mut log = open().unwrap();
        log.append(run("a"), START_MS + minute * MINUTE_MS).unwrap();
        log.close(START_MS + minute * MINUTE_MS).unwrap();
    }
    let mut log = open().unwrap();
    // An old segment, changed between opening and closing.
    let mut bytes = fs::read(trail.file(SEGMENT)).unwrap();
    bytes[200] ^= 1;
    fs::write(trail.file(SEGMENT), &bytes).unwrap();
    log.append(run("a"), START_MS + 9 * MINUTE_MS).unwrap();
    log.close(START_MS + 9 * MINUTE_MS).unwrap();
    drop(log);
    assert!(open().err().unwrap().is_damage());
}

#[test]
fn nothing_is_dated_by_a_time_that_cannot_be() {
    let trail = Trail::of_three_runs();
    for time_ms in [crate::TIME_MS_MAX + 1, u64::MAX] {
        let error = trail.open().unwrap().append(run("d"), time_ms).unwrap_err();
        assert!(error.to_string().contains("the clock is wrong"), "{error}");
    }
    assert_eq!(trail.verify(), "locally consistent, not witnessed");
}

#[test]
fn a_log_without_a_predecessor_is_written_as_it_always_was() {
    let trail = Trail::new();
    let genesis = trail.open().unwrap().genesis().clone();
    let mut bytes = Vec::new();
    crate::cbor::append(&genesis, &mut bytes);
    // An array of ten, and no eleventh for none.
    assert_eq!(bytes[0], 0x8a);
    let before = crate::body::Predecessor {
        log: Hash::of(b"x"),
        size: 3,
        root: Hash::of(b"y"),
        reason: "full".into(),
    };
    let next = crate::body::Genesis { predecessor: Some(before), ..genesis.clone() };
    assert_ne!(next.log_id(), genesis.log_id());
}
