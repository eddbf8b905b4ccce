use proptest::prelude::*;

use super::*;
use crate::{
    Log, LogError,
    body::Signing,
    disk::{Directory, simulated::Failure, simulated::Simulated},
    export::{
        jsonl,
        testing::{sample, small, verify, with_gone},
    },
    segment,
};

fn export(disk: &Simulated) -> Vec<u8> {
    let mut bytes = Vec::new();
    jsonl::write(disk, &mut bytes).unwrap();
    bytes
}

fn import(mut bytes: &[u8]) -> Result<(Simulated, Imported), ImportError> {
    let mut disk = Simulated::default();
    let imported = read(&mut bytes, &mut disk);
    if imported.is_err() {
        assert_eq!(disk.names().unwrap(), Vec::<String>::new(), "{imported:?}");
    }
    imported.map(|imported| (disk, imported))
}

/// The number of the line that is at fault.
fn fault(bytes: &[u8]) -> u64 {
    match import(bytes) {
        Err(ImportError::Line { line, .. }) => line,
        other => panic!("{other:?}"),
    }
}

fn content(disk: &Simulated, name: &str) -> Option<Vec<u8>> {
    disk.read(name, 1 << 30).unwrap()
}

/// Whether all is the same but for what is no part of an export.
fn assert_same(disk: &Simulated, other: &Simulated) {
    assert_eq!(segment::all(disk).unwrap(), segment::all(other).unwrap());
    for name in other.names().unwrap() {
        assert_eq!(content(disk, &name), content(other, &name), "{name}");
    }
}

#[test]
fn a_log_comes_back_byte_by_byte_and_verifies_the_same() {
    for signing in [Signing::Batch, Signing::Each] {
        let (disk, log) = sample(signing);
        for original in [disk.copy(), with_gone(&disk, 2)] {
            let (again, imported) = import(&export(&original)).unwrap();
            assert_same(&original, &again);
            assert_eq!(imported.head, log.head());
            assert_eq!(again.names().unwrap().iter().filter(|name| *name == "nodes").count(), 1);
            assert_eq!(verify(&again).unwrap(), verify(&original).unwrap());
            assert_eq!(export(&again), export(&original));
        }
    }
}

#[test]
fn a_log_in_a_directory_comes_back_too() {
    let place = tempfile::tempdir().unwrap();
    let original = small(Signing::Batch);
    let mut directory = Directory::writing(&place.path().join("log")).unwrap();
    read(&mut export(&original).as_slice(), &mut directory).unwrap();
    let mut again = Vec::new();
    jsonl::write(&directory, &mut again).unwrap();
    assert_eq!(again, export(&original));
    assert!(matches!(
        read(&mut export(&original).as_slice(), &mut directory),
        Err(ImportError::Exists(name)) if name == segment::name(0)
    ));
}

#[test]
fn what_came_in_cannot_be_written_to() {
    let (again, _) = import(&export(&small(Signing::Batch))).unwrap();
    assert!(matches!(Log::open(again, None, 4096), Err(LogError::Damaged { name, .. }) if name == "key"));
}

#[test]
fn a_log_that_is_there_stays_as_it_is() {
    let (mut disk, _) = sample(Signing::Batch);
    let before = disk.copy();
    let lines = export(&small(Signing::Batch));
    assert!(matches!(read(&mut lines.as_slice(), &mut disk), Err(ImportError::Exists(_))));
    assert_same(&disk, &before);
    assert_same(&before, &disk);
}

#[test]
fn without_its_end_it_does_not_come_in() {
    let lines = export(&small(Signing::Batch));
    for cut in 0..lines.len() {
        assert!(import(&lines[..cut]).is_err(), "{cut}");
    }
    let more = [lines.as_slice(), b"\n"].concat();
    assert_eq!(fault(&more), lines.split(|byte| *byte == b'\n').count() as u64);
}

#[test]
fn lines_in_another_order_do_not_come_in() {
    let (disk, _) = sample(Signing::Batch);
    let lines = export(&with_gone(&disk, 2));
    let lines: Vec<&[u8]> = lines.split_inclusive(|byte| *byte == b'\n').collect();
    for at in 0..lines.len() {
        let without: Vec<u8> = [&lines[..at], &lines[at + 1..]].concat().concat();
        assert!(import(&without).is_err() || is_commit(lines[at]) || is_segment(lines[at]), "without {at}");
        let twice: Vec<u8> = [&lines[..=at], &lines[at..]].concat().concat();
        assert!(import(&twice).is_err() || is_commit(lines[at]) || is_runs(lines[at]), "twice {at}");
    }
    let nothing: Vec<u8> = [lines[0], br#"{"type":"end","events":0}"#, b"\n"].concat();
    assert_eq!(fault(&nothing), 2);
}

/// Where files end is nobody's word: without a beginning, two become one.
fn is_segment(line: &[u8]) -> bool {
    line.starts_with(br#"{"type":"segment""#)
}

/// A signature that is missing, or there twice, is no other log.
fn is_commit(line: &[u8]) -> bool {
    line.starts_with(br#"{"type":"commit""#)
}

fn is_runs(line: &[u8]) -> bool {
    line.starts_with(br#"{"type":"runs""#)
}

#[test]
fn what_people_read_in_a_line_is_what_its_bytes_say() {
    let text = String::from_utf8(export(&small(Signing::Batch))).unwrap();
    for (from, to) in [
        (r#""fuel":1000"#, r#""fuel":1001"#),
        (r#""status":0"#, r#""status":1"#),
        (r#""kind":"run""#, r#""kind":"close""#),
        (r#"{"type":"event","index":"#, r#"{"type":"event", "index":"#),
        ("16:00:00.000Z", "15:00:00.000Z"),
    ] {
        let other = text.replacen(from, to, 1);
        assert_ne!(other, text, "{from}");
        let at = text.lines().position(|line| line.contains(from)).unwrap() as u64 + 1;
        assert_eq!(fault(other.as_bytes()), at, "{from}");
    }
}

#[test]
fn the_first_line_names_the_log_that_follows() {
    let text = String::from_utf8(export(&small(Signing::Batch))).unwrap();
    for (from, to) in [
        (r#""origin":"example.com/log""#, r#""origin":"example.com/lag""#),
        (r#""log":""#, r#""log":"0"#),
        ("invar-ledger/1", "invar-ledger/2"),
        (r#""epochs":""#, r#""epochs":"AAAA"#),
    ] {
        let other = text.replacen(from, to, 1);
        assert_ne!(other, text, "{from}");
        assert!(matches!(fault(other.as_bytes()), 1 | 3), "{from}");
    }
    // The fields that may be missing.
    let (before, rest) = text.split_once(r#","epochs":""#).unwrap();
    let (_, rest) = rest.split_once('"').unwrap();
    let (disk, _) = import((before.to_owned() + rest).as_bytes()).unwrap();
    assert!(verify(&disk).is_ok() && content(&disk, "epochs").is_none());
}

#[test]
fn lines_that_do_not_end_are_not_held() {
    let mut endless = std::io::BufReader::new(std::io::repeat(b' '));
    let mut disk = Simulated::default();
    assert!(matches!(read(&mut endless, &mut disk), Err(ImportError::Line { line: 1, .. })));
    let lines = export(&small(Signing::Batch));
    let first = lines.split_inclusive(|byte| *byte == b'\n').next().unwrap();
    let mut endless = std::io::BufReader::new(std::io::Read::chain(first, std::io::repeat(b' ')));
    assert!(matches!(read(&mut endless, &mut disk), Err(ImportError::Line { line: 2, .. })));
}

#[test]
fn a_component_does_not_run_so_often_that_it_cannot_be_counted() {
    let (disk, _) = sample(Signing::Batch);
    let text = String::from_utf8(export(&with_gone(&disk, 1))).unwrap();
    let line = text.lines().position(|line| is_runs(line.as_bytes())).unwrap();
    let runs = text.lines().nth(line).unwrap();
    let (before, _) = runs.rsplit_once(':').unwrap();
    let other = text.replace(runs, &format!("{before}:18446744073709551615}}}}"));
    assert_eq!(fault(other.as_bytes()), line as u64 + 1);
}

#[test]
fn when_the_disk_fails_there_is_no_log() {
    let lines = export(&small(Signing::Batch));
    for at in 1..30 {
        for failure in [Failure::Full(at), Failure::Sync(at)] {
            let mut disk = Simulated::default();
            disk.fail(Some(failure));
            if read(&mut lines.as_slice(), &mut disk).is_err() {
                assert_eq!(disk.names().unwrap(), Vec::<String>::new(), "{failure:?}");
            }
        }
        let mut disk = Simulated::default();
        disk.fail(Some(Failure::Power(at)));
        if read(&mut lines.as_slice(), &mut disk).is_err() {
            // What was not removed is not a log, or the whole one.
            assert!(
                verify(&disk).is_err() || verify(&disk).unwrap() == verify(&small(Signing::Batch)).unwrap()
            );
        }
    }
}

#[test]
fn every_byte_that_is_flipped_is_found() {
    for signing in [Signing::Batch, Signing::Each] {
        let lines = export(&small(signing));
        let mut dice = crate::disk::simulated::Rng(7);
        // The keys of the epochs are most of it.
        let steps = (0..lines.len()).filter(|at| *at > 2500 || at % 17 == 0);
        for at in steps {
            let mut other = lines.clone();
            other[at] ^= 1_u8 << dice.below(8);
            if let Ok((disk, _)) = import(&other) {
                assert!(verify(&disk).is_err(), "byte {at} of {}", String::from_utf8_lossy(&other));
            }
        }
    }
}

proptest! {
    #[test]
    fn bytes_of_any_kind_are_read_or_refused(bytes: Vec<u8>) {
        prop_assert!(import(&bytes).is_err());
    }

    #[test]
    fn lines_of_any_kind_are_read_or_refused(lines in proptest::collection::vec(r#"\{"type":"(log|segment|event|commit|gone|runs|end)"(,"(first|size|index|events)":[0-9]{1,20}|,"(root|leaf|link|previous)":"[0-9a-f]{64}"|,"runs":\{\}|,"bytes":"[A-Za-z0-9+/]{0,8}"){0,5}\}"#, 0..5)) {
        let head = export_head();
        let text = head + &lines.join("\n");
        prop_assert!(import(text.as_bytes()).is_err());
    }

    #[test]
    fn a_flipped_byte_of_a_log_with_everything_is_found(at: prop::sample::Index, bit in 0..8) {
        let lines = everything();
        let mut other = lines.to_vec();
        let at = at.index(lines.len());
        other[at] ^= 1_u8 << bit;
        if let Ok((disk, _)) = import(&other) {
            // Between two events that were pruned, nothing is left that a link could be held against.
            let line = lines[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
            let is_link = lines[line..].starts_with(br#"{"type":"gone""#);
            prop_assert!(verify(&disk).is_err() || is_link);
        }
    }
}

fn export_head() -> String {
    let lines = export(&small(Signing::Batch));
    let text = String::from_utf8(lines).unwrap();
    text.split_inclusive('\n').take(2).collect()
}

fn everything() -> &'static [u8] {
    static LINES: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    LINES.get_or_init(|| export(&with_gone(&sample(Signing::Each).0, 2)))
}
