use proptest::prelude::*;

use super::*;
use crate::{
    Body, VERSION as EVENT_VERSION,
    body::{Signing, strategy},
    export::testing::{sample, with_gone},
};

/// What the schema asks of every event, and of those of each class.
const REQUIRED: [&str; 9] = [
    "activity_id",
    "category_uid",
    "class_uid",
    "metadata",
    "metadata.product.vendor_name",
    "metadata.version",
    "severity_id",
    "time",
    "type_uid",
];
const REQUIRED_OF_CLASSES: [(u64, &[&str]); 5] = [
    (1007, &["actor.app_name", "device.type_id", "device.uid", "process.uid"]),
    (1008, &["log_name"]),
    (2004, &["finding_info.uid"]),
    (3004, &["entity.uid"]),
    (6002, &["app.name", "app.vendor_name"]),
];

fn at<'a>(record: &'a Value, path: &str) -> &'a Value {
    path.split('.').fold(record, |value, name| &value[name])
}

fn check(record: &Value) {
    let class = record["class_uid"].as_u64().unwrap();
    let of_class = REQUIRED_OF_CLASSES.iter().find(|(uid, _)| *uid == class).unwrap().1;
    for path in REQUIRED.iter().chain(of_class) {
        assert!(!at(record, path).is_null(), "{path} of {record}");
    }
    let activity = record["activity_id"].as_u64().unwrap();
    assert_eq!(record["type_uid"], class * 100 + activity);
    assert_eq!(record["category_uid"], class / 1000);
    assert!(record["severity_id"].as_u64().unwrap() <= 6);
    assert!(record["time"].is_i64());
    for name in ["log", "index", "leaf"] {
        assert!(!record["unmapped"][name].is_null(), "{name} of {record}");
    }
}

fn export(disk: &impl Disk, events: Range<u64>) -> (Vec<Value>, Exported) {
    let mut bytes = Vec::new();
    let exported = write(disk, events, &mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    (text.lines().map(|line| serde_json::from_str(line).unwrap()).collect(), exported)
}

#[test]
fn events_have_what_the_schema_asks_for() {
    let (disk, log) = sample(Signing::Batch);
    let (records, exported) = export(&disk, 0..u64::MAX);
    assert_eq!(exported, Exported { events: log.head().size, gone: 0 });
    records.iter().for_each(check);
    let of = |kind: &str| {
        let mut of_kind = records.iter().filter(|record| record["metadata"]["event_code"] == kind);
        of_kind.next().unwrap()
    };
    for (kind, type_uid) in [
        ("genesis", 100_809),
        ("key-epoch", 100_899),
        ("summary", 100_805),
        ("close", 100_807),
        ("run", 100_702),
        ("violation", 200_401),
        ("verdict", 200_401),
        ("grant", 300_408),
        ("quarantine", 300_412),
        ("release", 300_413),
        ("trust", 300_403),
        ("install", 600_201),
    ] {
        assert_eq!(of(kind)["type_uid"], type_uid, "{kind}");
    }
    assert_eq!(of("run")["process"]["file"]["hashes"][0]["value"], "01".repeat(32));
    assert_eq!(of("run")["unmapped"]["fuel"], 1000);
    assert_eq!(of("verdict")["severity_id"], 4);
    let violation = of("violation");
    let run = violation["finding_info"]["related_events"][0]["uid"].as_str().unwrap();
    assert!(records.iter().any(|record| record["metadata"]["uid"] == run && record["class_uid"] == 1007));
}

#[test]
fn an_event_can_be_found_in_the_log() {
    let (disk, _) = sample(Signing::Batch);
    for record in export(&disk, 10..20).0 {
        let index = record["unmapped"]["index"].as_u64().unwrap();
        let (_, leaf) = crate::reader::entry(&disk, index).unwrap().unwrap();
        assert_eq!(record["unmapped"]["leaf"], leaf.to_string());
        assert!((10..20).contains(&index));
    }
}

#[test]
fn ranges_are_those_that_were_asked_for() {
    let (disk, log) = sample(Signing::Batch);
    let (disk, size) = (with_gone(&disk, 2), log.head().size);
    let all = export(&disk, 0..size).0;
    for from in 0..size {
        for to in [from, from + 1, from + 7, size, u64::MAX] {
            let expected: Vec<Value> = all
                .iter()
                .filter(|record| (from..to).contains(&record["unmapped"]["index"].as_u64().unwrap()))
                .cloned()
                .collect();
            let (records, exported) = export(&disk, from..to);
            assert_eq!(records, expected, "{from}..{to}");
            assert_eq!(exported.events + exported.gone, to.min(size) - from, "{from}..{to}");
        }
    }
    assert_eq!(export(&disk, size..u64::MAX).0, Vec::<Value>::new());
}

proptest! {
    #[test]
    fn all_events_have_a_class(body in strategy(), index: u64, time_ms: u64) {
        let (disk, _) = crate::export::testing::create(Signing::Batch);
        let source = Source::open(&disk).unwrap();
        let log = source.genesis().log_id();
        let event = Event { version: EVENT_VERSION, log, index, epoch: 0, time_ms, previous: log, body };
        let record = record(source.genesis(), &event, log);
        check(&record);
        // Nothing of a run is lost.
        if let Body::Run(run) = &event.body {
            prop_assert_eq!(&record["unmapped"]["fuel"], &json!(run.fuel));
            prop_assert_eq!(&record["process"]["name"], &json!(run.skill));
        }
    }
}
