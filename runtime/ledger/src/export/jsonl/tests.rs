use serde_json::Value;

use super::*;
use crate::{
    EVENT_BYTES_MAX, Event,
    body::{Run, Signing},
    disk::simulated::Simulated,
    export::testing::{sample, small, verify, with_gone},
};

fn export(disk: &Simulated) -> Vec<Value> {
    let mut bytes = Vec::new();
    write(disk, &mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_line_says_what_an_event_says_and_holds_its_bytes() {
    let (disk, log) = sample(Signing::Each);
    let lines = export(&disk);
    let head = &lines[0];
    assert_eq!((&head["type"], &head["schema"]), (&"log".into(), &"invar-ledger/1".into()));
    assert_eq!(head["log"], log.id().to_string());
    assert!(head["vkey"].as_str().unwrap().starts_with("example.com/log+"));
    assert!(head["checkpoint"].as_str().unwrap().starts_with("example.com/log\n"));
    let events: Vec<&Value> = lines.iter().filter(|line| line["type"] == "event").collect();
    assert_eq!(events.len() as u64, log.head().size);
    for line in &events {
        let bytes = crate::text::from_base64(line["bytes"].as_str().unwrap()).unwrap();
        let event = Event::from_bytes(&bytes).unwrap();
        assert_eq!(line["index"], event.index);
        assert_eq!(line["kind"], event.body.kind());
        assert_eq!(line["leaf"], Hash::leaf(&bytes).to_string());
        assert!(line["monitor_signature"].is_string());
    }
    assert_eq!(lines.last().unwrap()["events"], log.head().size);
}

#[test]
fn what_is_not_signed_is_no_part_of_it() {
    let disk = small(Signing::Batch);
    let before = export(&disk);
    let mut torn = disk.copy();
    torn.append(&segment::name(0), b"\x01\xff\x00\x00\x00 half a record").unwrap();
    assert_eq!(export(&torn), before);
    let mut begun = disk.copy();
    begun.create(&segment::name(5), b"half a header").unwrap();
    assert_eq!(export(&begun), before);
}

#[test]
fn a_log_that_is_damaged_is_not_exported() {
    let (disk, _) = sample(Signing::Batch);
    let firsts = segment::all(&disk).unwrap();
    let name = segment::name(firsts[1]);
    let whole = disk.read(&name, 1 << 20).unwrap().unwrap();
    for at in [5, whole.len() / 2, whole.len() - 1] {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        let mut other = disk.copy();
        other.create(&name, &bytes).unwrap();
        let error = write(&other, &mut Vec::new()).unwrap_err();
        assert!(matches!(error, ExportError::Log(LogError::Damaged { .. })), "{at}: {error}");
    }
    let mut short = disk.copy();
    short.remove(&name).unwrap();
    assert!(write(&short, &mut Vec::new()).is_err());
    assert!(matches!(
        write(&Simulated::default(), &mut Vec::new()),
        Err(ExportError::Log(LogError::Missing))
    ));
}

#[test]
fn what_was_let_go_of_is_told() {
    let (disk, log) = sample(Signing::Batch);
    let gone = with_gone(&disk, 2);
    let audit = verify(&gone).unwrap();
    let mut bytes = Vec::new();
    let exported = write(&gone, &mut bytes).unwrap();
    assert!(audit.gone > 5);
    assert_eq!(exported, Exported { events: log.head().size - audit.gone, gone: audit.gone });
    let lines = export(&gone);
    assert_eq!(lines.iter().filter(|line| line["type"] == "gone").count() as u64, audit.gone);
    assert_eq!(lines.iter().filter(|line| line["type"] == "runs").count(), 2);
}

/// A writer that fails after some bytes.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(std::io::ErrorKind::StorageFull)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_told() {
    let disk = small(Signing::Batch);
    assert!(matches!(write(&disk, &mut Full(3000)), Err(ExportError::Write(_))));
}

#[test]
fn the_longest_event_is_a_line_that_is_read() {
    // Characters that JSON writes with six.
    let event = |chars: usize| Event {
        version: crate::VERSION,
        log: Hash::default(),
        index: u64::MAX,
        epoch: u32::MAX,
        time_ms: u64::MAX,
        previous: Hash::default(),
        body: crate::Body::Run(Run { skill: "\u{1}".repeat(chars), ..Run::default() }),
    };
    let others = event(1000).to_bytes().unwrap().len() - 1000;
    let event = event(EVENT_BYTES_MAX - others);
    let bytes = event.to_bytes().unwrap();
    assert_eq!(bytes.len(), EVENT_BYTES_MAX);
    let item = Item::Event { event: &event, bytes: &bytes, signature: Some(&[0; 64]), leaf: Hash::default() };
    let line = serde_json::to_vec(&line(&item).unwrap()).unwrap();
    assert!(line.len() + 1 < super::LINE_BYTES_MAX, "{}", line.len());
}
