use proptest::prelude::*;

use super::*;
use crate::{
    Hash, VERSION,
    body::{Run, Violation, strategy},
};

fn event(body: Body) -> Event {
    Event {
        version: VERSION,
        log: Hash::of(b"log"),
        index: 3,
        epoch: 0,
        time_ms: 1_768_492_800_007,
        previous: Hash::of(b"before"),
        body,
    }
}

#[test]
fn times_have_milliseconds_and_an_end() {
    assert_eq!(time(0).unwrap(), "1970-01-01T00:00:00.000Z");
    assert_eq!(time(1_768_492_800_007).unwrap(), "2026-01-15T16:00:00.007Z");
    assert_eq!(time(u64::MAX), None);
}

#[test]
fn a_run_is_a_few_lines() {
    let run = Run { skill: "hello".into(), flags: flags::WROTE | 1 << 9, status: Some(0), ..Run::default() };
    let lines = lines(&event(Body::Run(run)));
    assert_eq!(lines[0], "event 3: run, 2026-01-15T16:00:00.007Z, epoch 0");
    assert!(lines.len() < 8, "{lines:#?}");
    let all = lines.join("\n");
    for word in ["skill \"hello\"", "component 000000000000", "status 0", "flags wrote bit-9"] {
        assert!(all.contains(word), "{all}");
    }
    assert!(!all.contains("agent"), "{all}");
}

#[test]
fn what_a_skill_chose_stays_on_its_line() {
    let line = "\u{1b}[2J\u{202e}\nevent 4: verdict".to_owned();
    let body = Violation { lines: vec![line.clone(); 100], count: 100, ..Violation::default() };
    let violation = event(Body::Violation(body));
    let shown = lines(&violation).join("|");
    assert!(shown.contains(r#""\u{1b}[2J\u{202e}\nevent 4: verdict""#), "{shown}");
    assert!(shown.contains("and 92 more"), "{shown}");
    let named = event(Body::Run(Run { skill: line, ..Run::default() }));
    assert!(!summary(&named).contains(['\u{1b}', '\u{202e}', '\n']));
}

#[test]
fn json_has_the_names_of_the_fields() {
    let run = Run { skill: "hello".into(), agent: None, fuel: 7, ..Run::default() };
    let json = serde_json::to_value(Json(&event(Body::Run(run)))).unwrap();
    assert_eq!(json["kind"], "run");
    assert_eq!(json["timestamp"], "2026-01-15T16:00:00.007Z");
    assert_eq!(json["body"]["skill"], "hello");
    assert_eq!(json["body"]["fuel"], 7);
    assert_eq!(json["body"]["agent"], serde_json::Value::Null);
    assert_eq!(json["body"]["component"], "0".repeat(64));
    assert_eq!(json["body"]["place"], "lab");
}

proptest! {
    #[test]
    fn all_events_can_be_shown(body in strategy(), time_ms: u64) {
        let event = Event { time_ms, ..event(body) };
        for line in lines(&event).iter().chain([&summary(&event)]) {
            prop_assert!(!line.contains(char::is_control), "{line:?}");
        }
        let names: Vec<&str> = fields(&event.body).iter().map(|(name, _)| *name).collect();
        let mut unique = names.clone();
        unique.sort_unstable();
        unique.dedup();
        prop_assert_eq!(unique.len(), names.len());
        prop_assert!(serde_json::to_string(&Json(&event)).is_ok());
    }
}
