use proptest::prelude::*;

use super::*;
use crate::{
    VERSION,
    body::{Run, Signing, strategy},
    export::testing::{START_MS, create, sample, with_gone},
};

fn export(disk: &impl Disk, events: Range<u64>, records_max: usize) -> (Vec<Value>, Exported) {
    let mut bytes = Vec::new();
    let records_max = NonZero::new(records_max).unwrap();
    let exported = write(disk, events, records_max, &mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    (text.lines().map(|line| serde_json::from_str(line).unwrap()).collect(), exported)
}

fn records(request: &Value) -> &Vec<Value> {
    assert_eq!(request["resourceLogs"].as_array().unwrap().len(), 1);
    request["resourceLogs"][0]["scopeLogs"][0]["logRecords"].as_array().unwrap()
}

fn find<'a>(record: &'a Value, key: &str) -> Option<&'a Value> {
    let mut attributes =
        record["attributes"].as_array().unwrap().iter().filter(|attribute| attribute["key"] == key);
    let found = attributes.next().map(|attribute| &attribute["value"]);
    assert!(attributes.next().is_none(), "{key} is there twice");
    found
}

#[test]
fn all_events_are_there_some_a_line() {
    let (disk, log) = sample(Signing::Batch);
    for records_max in [1, 7, 512] {
        let (requests, exported) = export(&disk, 0..u64::MAX, records_max);
        assert_eq!(exported, Exported { events: log.head().size, gone: 0 });
        let all: Vec<&Value> = requests.iter().flat_map(records).collect();
        assert_eq!(all.len() as u64, log.head().size);
        assert!(requests.iter().all(|request| records(request).len() <= records_max));
        for (index, record) in all.iter().enumerate() {
            assert_eq!(find(record, "invar.index").unwrap()["intValue"], index.to_string());
            let nanos: u64 = record["timeUnixNano"].as_str().unwrap().parse().unwrap();
            assert!(nanos >= START_MS * 1_000_000);
            assert!((1..=24).contains(&record["severityNumber"].as_u64().unwrap()));
            assert!(record["body"]["stringValue"].is_string());
        }
    }
    let (requests, exported) = export(&with_gone(&disk, 2), 3..30, 512);
    assert_eq!(requests.iter().map(|request| records(request).len() as u64).sum::<u64>(), exported.events);
    assert_eq!(exported.events + exported.gone, 27);
}

#[test]
fn long_events_are_fewer_a_line() {
    let (disk, mut log) = create(Signing::Batch);
    for _ in 0..10 {
        let run = Run { skill: "x".repeat(60_000), ..Run::default() };
        log.append(Body::Run(run), START_MS).unwrap();
        log.commit().unwrap();
    }
    let (requests, _) = export(&disk, 0..u64::MAX, 512);
    let runs = |request: &Value| {
        let all = records(request).iter();
        all.filter(|record| find(record, "invar.kind").unwrap()["stringValue"] == "run").count()
    };
    assert_eq!(requests.iter().map(runs).collect::<Vec<_>>(), [5, 5]);
}

#[test]
fn the_resource_is_the_log() {
    let (disk, log) = sample(Signing::Batch);
    let (requests, _) = export(&disk, 0..1, 512);
    let resource = &requests[0]["resourceLogs"][0]["resource"];
    assert_eq!(find(resource, "service.name").unwrap()["stringValue"], "invar");
    assert_eq!(find(resource, "invar.log").unwrap()["stringValue"], log.id().to_string());
}

proptest! {
    #[test]
    fn all_events_are_records(body in strategy(), index: u64, time_ms: u64) {
        let log = Hash::of(b"log");
        let event = Event { version: VERSION, log, index, epoch: 0, time_ms, previous: log, body };
        let record = record(&event, log);
        let attributes = record["attributes"].as_array().unwrap();
        for attribute in attributes {
            let key = attribute["key"].as_str().unwrap();
            prop_assert!(key.starts_with("invar."));
            prop_assert_eq!(find(&record, key).unwrap().as_object().unwrap().len(), 1, "{}", key);
        }
        prop_assert!(record["timeUnixNano"].as_str().unwrap().parse::<u64>().is_ok());
    }
}
