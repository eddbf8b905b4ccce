//! Values that are put in others' places: random bytes, answers of the network, times of files, waiting; and the
//! time of another run.

use std::sync::Arc;

use invar_engine::{AnswersFrom, RunOptions, Start, TimeSchedule, start_of};
use invar_trace::{Keep, Memory, Trace};
use invar_world::{Change, Substitution};

use crate::helpers::{Fixture, ScriptRun, project};

/// The answers of a script, with values changed.
fn with(world: &str, script: &str, targets: &[&str]) -> ScriptRun {
    let mut fixture = Fixture::in_world(world);
    for target in targets {
        let read = |path: &str| std::fs::read(path).map_err(|error| error.to_string());
        fixture.start.substitute(Substitution::parse(target, read).unwrap()).unwrap();
    }
    let played = fixture.play(script);
    // Whatever was changed stands in the trace: the run is the same again.
    let (engine, skill) = Fixture::engine();
    assert!(engine.replay(skill, &played.trace).unwrap().exact, "{targets:?}");
    played
}

const DRAWS: &str = "\
get-random-bytes 4
get-insecure-random-bytes 3
insecure-seed
get-random-u64
get-insecure-random-u64
get-random-u64
";

#[test]
fn random_bytes_begin_as_they_are_set_whichever_interface_they_are_of() {
    let plain = with("", DRAWS, &[]).answers;
    // Four bytes, three, two numbers, and half of the next.
    let first = "00010203aabbcc01000000000000000200000000000000deadbeef";
    let set = with("", DRAWS, &[&format!("random=hex:{first}")]).answers;
    assert_eq!(set[..3], ["00010203", "aabbcc", "(1, 2)"]);
    let number = |answer: &str| answer.parse::<u64>().unwrap();
    assert_eq!(number(&set[3]) & 0xffff_ffff, 0xefbe_adde);
    assert_eq!(number(&set[3]) >> 32, number(&plain[3]) >> 32, "then it goes on as the seed says");
    assert_eq!(set[4..], plain[4..]);
}

#[test]
fn random_bytes_can_be_set_from_an_event_on() {
    let plain = with("", DRAWS, &[]).answers;
    let set = with("", DRAWS, &["random=hex:0700000000000000@3"]).answers;
    assert_eq!((&set[..3], set[3].as_str(), &set[4..]), (&plain[..3], "7", &plain[4..]));
}

/// Refuses what is asked for by name and by address.
const REFUSING: &str = "\
[[network]]
match = \"tcp://db.example:5432\"
addresses = [\"10.0.0.7\"]
connect = \"refused\"
[[network]]
match = \"tcp://192.0.2.9:80\"
connect = \"refused\"
";

/// Asks the name, then the address, each twice.
const ASKS: &str = "\
n = instance-network
r = resolve-addresses n \"db.example\"
w = subscribe-addresses r
block w
resolve-next-address r
s = create-tcp-socket ipv4
start-connect s n 10.0.0.7:5432
c = subscribe-socket s
block c
finish-connect s
blocking-read in 100
blocking-read in 100
t = create-tcp-socket ipv4
start-connect t n 192.0.2.9:80
e = subscribe-socket t
block e
finish-connect t
";

#[test]
fn a_destination_can_be_answered_with_any_bytes_whatever_the_script_says() {
    let script = ASKS.replace("blocking-read in 100\n", "");
    let plain = with(REFUSING, &script, &[]).answers;
    assert_eq!((plain[9].as_str(), plain[14].as_str()), ("err connection-refused", "err connection-refused"));
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "from a file").unwrap();
    for (value, said) in [
        ("run".to_owned(), "run"),
        ("hex:7275".to_owned(), "ru"),
        (format!("@{}", file.path().display()), "from a file"),
    ] {
        // By its name, and by the address that the name has.
        for destination in ["db.example:5432", "10.0.0.7:5432"] {
            let set = with(REFUSING, ASKS, &[&format!("tcp:{destination}={value}")]).answers;
            assert_eq!(set[4], "ok 10.0.0.7", "its address is what it was");
            assert_eq!(set[10], format!("ok {said:?}"), "{destination}");
            assert_eq!(set[11], "err closed");
            assert_eq!(set[16], "err connection-refused", "others answer as before");
        }
    }
    let other_port = with(REFUSING, &script, &["tcp:db.example:80=run"]).answers;
    assert_eq!(other_port[9], "err connection-refused");
}

#[test]
fn a_destination_can_be_answered_from_an_event_on() {
    let script = ASKS.replace("blocking-read in 100\n", "");
    // Event 11 begins the second connection, event 12 comes too late for it.
    let late = with(REFUSING, &script, &["tcp:192.0.2.9:80=x@12"]).answers;
    assert_eq!(late[14], "err connection-refused");
    let both = with(REFUSING, &script, &["tcp:192.0.2.9:80=x@11"]).answers;
    assert_eq!(both[9], "err connection-refused");
    assert!(both[14].starts_with("ok"), "{both:?}");
}

const FILES: &str = "[files]\n\"/data/table\" = \"first\"\n";
const STATS: &str = "\
d = get-directories
stat-at d \"data/table\"
stat-at d \"data/table\"
";

#[test]
fn the_time_of_a_file_can_be_changed_from_the_start_or_from_an_event_on() {
    // 2020-02-29T12:00:00Z
    let is_set = |answer: &str| answer.ends_with("modified=1582977600 changed=1582977600");
    let set = |target: &str| {
        let answers = with(FILES, STATS, &[target]).answers;
        answers[1..].iter().map(|answer| is_set(answer)).collect::<Vec<_>>()
    };
    assert_eq!(set("mtime:/data/table=2020-02-29T12:00:00Z"), [true, true]);
    assert_eq!(set("mtime:/data/table=2020-02-29T12:00:00Z@2"), [false, true]);
    assert_eq!(set("mtime:/data/none=2020-02-29T12:00:00Z@2"), [false, false], "nothing is there");
    let missing = Substitution::parse("mtime:/data/none=2020-02-29T12:00:00Z", |_| Err(String::new()));
    let error = Fixture::new().start.substitute(missing.unwrap()).unwrap_err().to_string();
    assert!(error.contains("no such file"), "{error}");
}

/// Waits in every way there is: an hour and three, in order; until an instant; and for what comes over the network.
const WAITS: &str = "\
a = subscribe-duration 10800000000000
b = subscribe-duration 3600000000000
poll a b
ready a
poll a b
ready a
c = subscribe-duration 1000000000
block c
ready c
n = instance-network
s = create-tcp-socket ipv4
start-connect s n 192.0.2.1:25
k = subscribe-socket s
block k
finish-connect s
blocking-read in 10
blocking-read in 10
monotonic-now
wall-now
";
const GREETING: &str = "[[network]]\nmatch = \"tcp://192.0.2.1:25\"\ndialogue = [{ say = \"220\" }]\n";

#[test]
fn skipped_waiting_returns_at_once_in_order_and_moves_no_clock() {
    let plain = with(GREETING, WAITS, &[]);
    let set = with(GREETING, WAITS, &["sleep=skip"]);
    assert_eq!(set.answers[2..6], ["[1]", "false", "[1]", "false"], "the earlier is ready, the later not");
    let clocks = WAITS.lines().count() - 2;
    assert_eq!(set.answers[..clocks], plain.answers[..clocks], "nothing but clocks says that it was skipped");
    assert_eq!(set.answers[15], "ok \"220\"");
    let passed = |played: &ScriptRun| played.outcome.end.virtual_ns;
    assert!(passed(&plain) > 3_600_000_000_000);
    assert!(passed(&set) < 1_000_000_000, "{}", passed(&set));
    assert_eq!(set.outcome.end.waited_ns, 0);
}

#[test]
fn waiting_until_an_instant_is_skipped_again_and_again() {
    let now: u64 = with("", "monotonic-now\n", &[]).answers[0].parse().unwrap();
    let later = now + 3_600_000_000_000;
    let script = format!(
        "a = subscribe-instant {later}\nblock a\nready a\nb = subscribe-instant {later}\nready b\nblock b\nready b\n\
         monotonic-now\n"
    );
    let answers = with("", &script, &["sleep=skip"]).answers;
    // The clock has not come to the instant, however often it was waited for.
    assert_eq!([&answers[2], &answers[4], &answers[6]], ["true", "false", "true"]);
    assert!(answers[7].parse::<u64>().unwrap() < later);
}

#[test]
fn waiting_can_be_skipped_from_an_event_on() {
    let script =
        "a = subscribe-duration 1000000000\nblock a\nb = subscribe-duration 5000000000\nblock b\nready b\n";
    let played = with("", script, &["sleep=skip@2"]);
    assert_eq!(played.answers[4], "true");
    let waited = played.outcome.end.waited_ns;
    assert!((900_000_000..=1_000_000_000).contains(&waited), "{waited}");
}

fn bytes(trace: &Trace) -> Vec<u8> {
    let mut bytes = Vec::new();
    trace.write(&mut bytes).unwrap();
    bytes
}

/// A run with the time of a trace.
fn on_schedule(start: &Start, of: &Trace) -> Trace {
    let (engine, skill) = Fixture::engine();
    let memory = Memory::new(Keep::All);
    let answers = AnswersFrom::Schedule(Arc::new(TimeSchedule::of(of).unwrap()));
    let options = RunOptions { answers, patience: None };
    engine.run_with(&options, skill, start, Box::new(memory.clone())).unwrap();
    memory.take()
}

fn times(trace: &Trace) -> Vec<u64> {
    trace.events().map(|event| event.unwrap().time_ns).collect()
}

#[test]
fn a_run_that_is_served_its_own_time_leaves_the_same_trace_byte_for_byte() {
    let script = |name: &str| {
        std::fs::read_to_string(project(&format!("tests/integration/scripts/{name}.script"))).unwrap()
    };
    let world = format!("[files]\n\"/data/file\" = \"0123456789\"\n{GREETING}");
    let scripts = [WAITS, ASKS, DRAWS].map(|text| text.replace("blocking-read in 100\n", ""));
    for text in scripts.into_iter().chain(["files", "streams", "paths"].map(script)) {
        for targets in [&[][..], &["sleep=skip"], &["clock+=1h@3", "speed=0.5@5"]] {
            let played = with(&world, &text, targets);
            let again = on_schedule(&start_of(&played.trace).unwrap(), &played.trace);
            assert!(bytes(&again) == bytes(&played.trace), "{targets:?}\n{text}");
        }
    }
}

#[test]
fn a_run_on_another_machine_has_the_time_it_is_served() {
    let played = with(GREETING, WAITS, &[]);
    let mut start = start_of(&played.trace).unwrap();
    // As an instrumented copy, which has more to do.
    start.apply(&Change::Speed(0.01f64.to_bits())).unwrap();
    let again = on_schedule(&start, &played.trace);
    assert_eq!(times(&again), times(&played.trace));
    assert_eq!(again.end().unwrap().stdout, played.trace.end().unwrap().stdout);
    assert_eq!(again.end().unwrap().waited_ns, played.trace.end().unwrap().waited_ns);
}

#[test]
fn a_run_that_leaves_its_script_has_a_fixed_time_a_call() {
    let script = "get-environment\nmonotonic-now\na = subscribe-duration 5000\nblock a\nmonotonic-now\n";
    let played = with("", script, &[]);
    let mut start = start_of(&played.trace).unwrap();
    let other = script.replace("get-environment\nmonotonic-now", "get-environment\nwall-now");
    start.apply(&Change::Stdin(other.into_bytes())).unwrap();
    let (first, again) = (times(&played.trace), times(&on_schedule(&start, &played.trace)));
    assert_eq!(first[0], again[0]);
    let steps: Vec<u64> = again.windows(2).map(|pair| pair[1] - pair[0]).collect();
    // The wait goes on from the call that asked for it, and the end is a call too.
    assert_eq!(steps, [1000, 1000, 1000, 1000 + 4000, 1000]);
}
