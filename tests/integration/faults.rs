//! Skills under faults: what waits for something to go wrong is found, and what bears it is not blamed.

use std::collections::BTreeSet;

use invar_engine::{Engine, Start};
use invar_lab::{Monitored, Plan};
use invar_monitor::{Confidence, Declared, TriggerKind, Verdict};
use invar_trace::{Call, Occurrence, functions as f};

use crate::helpers::{Fixture, Invar, OnDisk, monitored, project};

/// A skill of the corpus, monitored with or without faults.
fn monitored_skill(name: &str, faults: bool) -> Monitored {
    let OnDisk { manifest, component, start, .. } = OnDisk::read(&format!("corpus/{name}"));
    let engine = Engine::new(None).unwrap();
    let skill = engine.load(&component).unwrap();
    let declared =
        Declared { envelope: Some(manifest.envelope), claims: manifest.claims, ..Declared::default() };
    monitored(&engine, &skill, &start, declared, Plan { faults, ..Plan::of(5) })
}

#[test]
fn what_waits_for_a_full_disk_is_found_only_under_faults_and_its_command_shows_it() {
    // That nothing reached its call is said; what would is not known.
    let without = monitored_skill("fault-disk-full-acts", false).report;
    assert_eq!(without.verdict, Verdict::Consistent, "{}", without.reason);
    assert!(without.triggers.is_empty());

    let Monitored { report, traces, .. } = monitored_skill("fault-disk-full-acts", true);
    assert_eq!(report.verdict, Verdict::ActivationPatternDetected, "{}", report.reason);
    assert!(report.detection_power.conditions_tested.iter().any(|condition| condition.ends_with(" faults")));
    let trigger = &report.triggers[0];
    assert_eq!((trigger.kind, trigger.confidence), (TriggerKind::File, Confidence::Confirmed));
    assert_eq!(trigger.source, "file /out/report.txt");
    assert!(
        trigger.condition.starts_with("when opening /out/report.txt fails with "),
        "{}",
        trigger.condition
    );

    let run = report.findings().find(|finding| finding.cause == trigger.source).unwrap().runs[0];
    let (_, trace) = traces.iter().find(|(number, _)| *number == run).unwrap();
    let mut bytes = Vec::new();
    trace.write(&mut bytes).unwrap();
    let invar = Invar::new();
    let file = invar.write("run.trace", bytes);
    let skill = "skills-examples/corpus/fault-disk-full-acts";
    let command = trigger.reproduce.replace(&format!("test/{run}"), &format!("{file} --skill {skill}"));
    let shown = invar.paste(&command).expect(0).stdout;
    assert!(shown.contains("→ err access") && shown.contains("tcp://203.0.113.9:443"), "{command}\n{shown}");

    let full = format!("invar replay {file} --skill {skill} --set 'event:");
    let write = Call::of(trace).unwrap();
    let write =
        write.iter().find(|call| call.function == f::filesystem::DESCRIPTOR_WRITE_VIA_STREAM).unwrap();
    let shown = invar.paste(&format!("{full}{}={{\"err\":\"insufficient-space\"}}'", write.event)).expect(0);
    assert!(shown.stdout.contains("tcp://203.0.113.9:443"), "{shown:?}");
}

#[test]
fn who_fails_says_so_tries_again_or_goes_where_it_said_is_not_blamed() {
    for name in ["atomic-write", "temporary-file", "retry-with-backoff", "checksum-cache", "offline-queue"] {
        let report = monitored_skill(name, true).report;
        assert_eq!(report.verdict, Verdict::Consistent, "{name}: {}", report.reason);
        assert!(
            report.detection_power.conditions_tested.iter().any(|condition| condition.ends_with(" faults")),
            "{name}"
        );
    }
}

/// One that no function could give would stop the whole monitoring.
#[test]
fn every_fault_of_every_function_can_be_answered() {
    let script = std::fs::read_to_string(project("tests/integration/scripts/every-function.script")).unwrap();
    let fixture = Fixture::in_world("[files]\n\"/data/file\" = \"content\"\n");
    let start = Start { input: script.as_bytes().into(), ..fixture.start };
    let (engine, skill) = Fixture::engine();
    let plan = Plan { faults: true, ..Plan::of(5) };
    let report = monitored(engine, skill, &start, Declared::default(), plan).report;
    let tested = &report.detection_power.conditions_tested;
    let tried: usize = tested
        .iter()
        .find_map(|condition| condition.strip_suffix(" faults"))
        .map(|count| count.parse().unwrap())
        .unwrap();
    assert!(tried > 150, "{tested:?}");
}

#[test]
fn calls_are_known_by_what_they_are_about_whatever_handle_they_are_made_on() {
    let script = "\
wall-now
d = get-directories
f = open-at d \"data/file\" read
in = read-via-stream f 0
blocking-read in 3
blocking-read in 3
read-at f 2 0
out = get-stdout
blocking-write-and-flush out \"\"
n = instance-network
r = resolve-addresses n \"db.example\"
w = subscribe-addresses r
block w
resolve-next-address r
s = create-tcp-socket ipv4
start-connect s n 203.0.113.9:443
get-random-u64
wall-now
";
    let played = Fixture::in_world("[files]\n\"/data/file\" = \"content\"\n").play(script);
    let calls = Call::of(&played.trace).unwrap();
    let said: BTreeSet<String> = calls
        .iter()
        .filter(|call| call.function != f::stdin::GET_STDIN)
        .map(|call| format!("{} {}", call.function.get().unwrap().name, call.about))
        .collect();
    for expected in [
        "now the clock",
        "[method]descriptor.open-at /data/file",
        "[method]descriptor.read-via-stream /data/file",
        "[method]input-stream.blocking-read /data/file",
        "[method]descriptor.read /data/file",
        "[method]output-stream.blocking-write-and-flush standard output",
        "resolve-addresses db.example",
        "[method]resolve-address-stream.resolve-next-address db.example",
        "create-tcp-socket a socket",
        "[method]tcp-socket.start-connect tcp://203.0.113.9:443",
        "get-random-u64 random bytes",
    ] {
        assert!(said.contains(expected), "{expected} is not among {said:#?}");
    }
    let of_clock: Vec<Occurrence> =
        calls.iter().filter(|call| call.function == f::wall_clock::NOW).map(|call| call.occurrence).collect();
    assert_eq!(of_clock, [Occurrence::First, Occurrence::Last]);
    let read = calls.iter().find(|call| call.function == f::filesystem::DESCRIPTOR_READ).unwrap();
    assert_eq!(read.answered, b"co");
}
