//! Replay: the same to the bit, or from a changed value on; and traces that cannot be replayed.

use std::sync::Arc;

use invar_engine::{AnswersFrom, Engine, RunOptions, Start, start_of};
use invar_trace::{
    Behaviour, Decision, Discard, End, Ending, Format, FunctionId, Keep, Memory, Recorder, Subject, Trace,
    Writer,
    functions::{self, filesystem as f},
};
use invar_world::{Limits, Substitution};

use crate::helpers::{Fixture, Invar, ScriptRun, component, project, start};

/// A world with something of every kind.
pub(super) const WORLD: &str = r#"
args = ["one", "two"]
[env]
LANG = "C"
[files]
"/data/table" = "first"
[[network]]
match = "tcp://db.example:5432"
connect = "refused"
"#;

/// Asks for one thing of every kind, twice each, so that a change can come in between.
pub(super) const SCRIPT: &str = "\
get-environment
get-arguments
wall-now
monotonic-now
get-random-u64
d = get-directories
f = open-at d \"data/table\" read
read-at f 100 0
n = instance-network
r = resolve-addresses n \"db.example\"
w = subscribe-addresses r
block w
resolve-next-address r
read-at f 100 0
wall-now
get-random-u64
get-environment
";

fn recorded() -> ScriptRun {
    Fixture::in_world(WORLD).play(SCRIPT)
}

/// The answers of the run with a value changed.
fn with(played: &ScriptRun, target: &str) -> Result<Vec<String>, String> {
    let mut start = start_of(&played.trace).unwrap();
    let read = |path: &str| std::fs::read(path).map_err(|error| error.to_string());
    let substitution = Substitution::parse(target, read).map_err(|error| error.to_string())?;
    start.substitute(substitution).map_err(|error| error.to_string())?;
    let (engine, skill) = Fixture::engine();
    let memory = Memory::new(Keep::All);
    let outcome = engine.run(skill, &start, Box::new(memory)).map_err(|error| error.to_string())?;
    match outcome.end.ending {
        Ending::Returned => Ok(String::from_utf8_lossy(&outcome.stdout).lines().map(str::to_owned).collect()),
        ending => Err(ending.to_string()),
    }
}

/// The calls of the script whose answers differ, with those answers. Clocks by the second: what a change costs
/// in fuel shows in every later reading.
fn changed(target: &str) -> Vec<String> {
    let played = recorded();
    let other = with(&played, target).unwrap();
    let shown = |(call, answer): (&str, &String)| {
        let function = call.rsplit(" = ").next().unwrap().split(' ').next().unwrap();
        let answer = match function {
            "wall-now" => answer.split('.').next().unwrap().to_owned(),
            "monotonic-now" => (answer.parse::<u64>().unwrap() / 1_000_000_000).to_string(),
            _ => answer.clone(),
        };
        format!("{function} {answer}")
    };
    let before = SCRIPT.lines().zip(&played.answers).map(shown);
    let after = SCRIPT.lines().zip(&other).map(shown);
    before.zip(after).filter(|(one, two)| one != two).map(|(_, two)| two).collect()
}

#[test]
fn a_run_is_replayed_to_the_bit_from_its_trace_and_the_component_alone() {
    let played = recorded();
    let mut bytes = Vec::new();
    played.trace.write(&mut bytes).unwrap();
    let trace = invar_trace::Trace::read(&bytes).unwrap();
    let (engine, skill) = Fixture::engine();
    let replayed = engine.replay(skill, &trace).unwrap();
    assert!(replayed.exact);
    let mut again = Vec::new();
    replayed.trace.write(&mut again).unwrap();
    assert!(again == bytes, "the trace of the replay is the trace, byte for byte");
}

#[test]
fn a_file_can_be_changed_from_the_start_or_from_an_event_on() {
    assert_eq!(changed("file:/data/table=other"), ["read-at ok \"other\" more", "read-at ok \"other\" more"]);
    // Event 7 is the first read.
    assert_eq!(changed("file:/data/table=other@8"), ["read-at ok \"other\" more"]);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "from a file").unwrap();
    let target = format!("file:/data/table=@{}", file.path().display());
    assert_eq!(changed(&target)[0], "read-at ok \"from a file\" more");
}

#[test]
fn a_file_can_be_taken_away() {
    let played = recorded();
    let error = with(&played, "file:/data/table!").unwrap_err();
    assert!(error.contains("f is not"), "the script cannot go on without it: {error}");
    let divergence = divergence("file:/data/table!");
    assert!(divergence.contains("→ err no-entry"), "{divergence}");
}

#[test]
fn a_variable_can_be_changed_or_unset() {
    let both = |answer: &str| [format!("get-environment {answer}"), format!("get-environment {answer}")];
    assert_eq!(changed("env:LANG=de"), both("[(\"LANG\", \"de\")]"));
    assert_eq!(changed("env:NEW=1"), both("[(\"LANG\", \"C\"), (\"NEW\", \"1\")]"));
    assert_eq!(changed("env:LANG!"), both("[]"));
}

#[test]
fn an_argument_can_be_changed() {
    assert_eq!(changed("arg:1=other"), ["get-arguments [\"test\", \"other\", \"two\"]"]);
}

#[test]
fn what_a_skill_reads_can_be_changed() {
    let other = with(&recorded(), "stdin=get-arguments").unwrap();
    assert_eq!(other, ["[\"test\", \"one\", \"two\"]"]);
}

#[test]
fn the_clock_can_be_set_and_moved_and_all_clocks_agree() {
    assert_eq!(changed("clock=2030-02-28T23:59:59Z"), ["wall-now 1898553599", "wall-now 1898553599"]);
    let moved = changed("clock+=1h");
    assert_eq!(moved.len(), 3, "time that passes, passes on every clock: {moved:?}");
    assert!(moved.contains(&"wall-now 1768496400".to_owned()), "{moved:?}");
}

#[test]
fn the_machine_can_be_slower() {
    let played = recorded();
    let elapsed = |answers: &[String]| answers[2].split('.').nth(1).unwrap().parse::<f64>().unwrap();
    let slow = with(&played, "speed=0.05").unwrap();
    let ratio = elapsed(&slow) / elapsed(&played.answers);
    assert!((10.0..30.0).contains(&ratio), "{ratio}");
}

#[test]
fn random_can_come_from_another_seed() {
    let changed = changed("random=99");
    assert_eq!(changed.len(), 2);
    assert!(changed.iter().all(|line| line.starts_with("get-random-u64 ")), "{changed:?}");
}

#[test]
fn a_name_can_have_another_address_or_none() {
    assert_eq!(changed("dns:db.example=192.0.2.77"), ["resolve-next-address ok 192.0.2.77"]);
    let none = changed("dns:db.example=nxdomain");
    assert_eq!(none, ["resolve-next-address err name-unresolvable"]);
}

#[test]
fn an_answer_can_be_injected_if_the_function_could_give_it() {
    assert_eq!(changed("event:7={\"err\":\"io\"}"), ["read-at err io"]);
    assert_eq!(changed("event:7={\"ok\":[\"faulty\",true]}"), ["read-at ok \"faulty\" end"]);
    let refused = |target: &str| with(&recorded(), target).unwrap_err();
    assert!(refused("event:7={\"err\":\"nonsense\"}").contains("expected one of"));
    // More bytes than were asked for is something no host answers.
    let long = "x".repeat(101);
    let error = refused(&format!("event:7={{\"ok\":[\"{long}\",true]}}"));
    assert!(error.contains("100"), "{error}");
}

/// Runs a script that opens a file which is not declared, with an error injected, by the rules of a format. Gives the trace and
/// what was decided about that call.
fn injected(format: Format) -> (Trace, Option<Decision>) {
    let script = "d = get-directories\nopen-at d \"data/table\" read\n";
    let mut start = Fixture::in_world(WORLD).with_envelope("files.read = [\"/other\"]").start;
    (start.input, start.format) = (script.as_bytes().into(), format);
    let (engine, skill) = Fixture::engine();
    let run = |start: &Start| {
        let memory = Memory::new(Keep::All);
        engine.run(skill, start, Box::new(memory.clone())).unwrap();
        memory.take()
    };
    let decided = |trace: &Trace| {
        let event =
            trace.events().map(Result::unwrap).find(|event| event.function == f::DESCRIPTOR_OPEN_AT).unwrap();
        (event.number, event.decision)
    };
    let (number, _) = decided(&run(&start));
    let read = |_: &str| unreachable!("no file is named");
    let error = format!("event:{number}={{\"err\":\"io\"}}");
    start.substitute(Substitution::parse(&error, read).unwrap()).unwrap();
    let trace = run(&start);
    assert!(engine.replay(skill, &trace).unwrap().exact);
    let (_, decision) = decided(&trace);
    (trace, decision)
}

#[test]
fn an_injected_answer_is_decided_as_every_other() {
    let (trace, decision) = injected(Format::Two);
    let decision = decision.unwrap();
    assert_eq!(decision.subject, Some(Subject::One("/data/table".into())));
    assert!(decision.verdict.missing().is_some(), "{decision:?}");
    assert_eq!(Behaviour::of(&trace).unwrap().violations.len(), 1);
    // Traces of the first format were recorded without.
    let (trace, decision) = injected(Format::One);
    assert_eq!(decision, None);
    let mut file = Vec::new();
    trace.write(&mut file).unwrap();
    assert_eq!(Trace::read(&file).unwrap().header().unwrap().format, Format::One);
}

/// What the command says about a change, once the run is recorded.
fn divergence(target: &str) -> String {
    let invar = Invar::new();
    let script = invar.write("input.script", SCRIPT);
    let world = invar.write("world.toml", WORLD);
    let trace = invar.path("run.trace").display().to_string();
    let fixture = "skills-examples/puppet/puppet.wasm";
    invar.run(&["run", fixture, "--world", &world, "--input", &script, "--record", &trace]).expect(0);
    invar.run(&["replay", &trace, "--set", target]).expect(0).stdout
}

#[test]
fn the_command_says_where_and_why_the_runs_part_and_what_differs_in_effects() {
    let invar = Invar::new();
    let trace = invar.path("run.trace").display().to_string();
    let words = ["run", "@cached-lookup", "--world", "lab", "--record", &trace];
    invar.run(&words).expect(0);
    let set = "file:/tmp/lookup-cache/sorted.csv=Ada,1";
    let parted = invar.run(&["replay", &trace, "--set", set]).expect(0).stdout;
    insta::assert_snapshot!(parted);
    let json = invar.run(&["replay", &trace, "--set", set, "--format", "json"]).expect(0).json();
    assert_eq!(json["same"], false);
    assert!(json["effects"]["only_left"].to_string().contains("file write /tmp/lookup-cache/sorted.csv"));
}

#[test]
fn a_target_that_cannot_be_is_a_usage_error_that_says_so() {
    let invar = Invar::new();
    let trace = invar.path("run.trace").display().to_string();
    invar.run(&["run", "@word-count", "--world", "lab", "--record", &trace]).expect(0);
    let error = |target: &str| invar.run(&["replay", &trace, "--set", target]).expect(2).stderr;
    assert!(error("colour=red").contains("colour=red"));
    assert!(error("stdin=x@999999").contains("events 0 to"));
    assert!(error("event:1={").contains("event 1: the answer is not JSON"));
    assert!(error("speed=0").contains("speed"));
    assert!(error("arg:100000000=x").contains("at most 4096 arguments"));
    assert!(error("arg:100000000=x@1").contains("at most 4096 arguments"));
}

#[test]
fn replay_of_another_component_is_refused() {
    let invar = Invar::new();
    let trace = invar.path("run.trace").display().to_string();
    invar.run(&["run", "@word-count", "--world", "lab", "--record", &trace]).expect(0);
    let output = invar.run(&["replay", &trace, "--skill", "skills-examples/sort-lines"]).expect(33);
    assert!(output.stderr.contains("is of component"), "{output:?}");
}

#[test]
fn a_run_that_a_limit_stopped_replays_to_the_bit() {
    let invar = Invar::new();
    let trace = invar.path("run.trace").display().to_string();
    let words =
        ["run", "@data-enrichment-service", "--world", "lab", "--fuel", "1000000", "--record", &trace];
    let stopped = invar.run(&words).expect(125);
    assert!(stopped.stderr.contains("fuel"), "{stopped:?}");
    invar.run(&["replay", &trace, "--check"]).expect(0);
}

#[test]
fn the_listing_shows_every_call_and_can_be_narrowed() {
    let invar = Invar::new();
    let trace = invar.path("run.trace").display().to_string();
    invar.run(&["run", "@hello", "--world", "lab", "--record", &trace]).expect(0);
    insta::assert_snapshot!(invar.run(&["trace", &trace]).expect(0).stdout);
    let files = invar.run(&["trace", &trace, "--only", "files"]).expect(0).stdout;
    assert!(files.contains("open-at") && !files.contains("get-stdout"), "{files}");
    // A stream belongs to what it was opened on.
    assert!(files.contains("Hallo") || files.contains("en=Hello"), "{files}");
    let json = invar.run(&["trace", &trace, "--format", "json"]).expect(0);
    assert!(json.stdout.contains("\"function\""), "{json:?}");
}

#[test]
fn a_committed_trace_stays_readable_and_replays_on_any_machine() {
    // If this fails after wasmtime or the lab has changed, LAB_VERSION must change and the traces be made again.
    let engine = invar_engine::Engine::new(None).unwrap();
    let skill = engine.load(&crate::helpers::component("hello")).unwrap();
    for (name, format) in [("hello-1.0.trace", Format::One), ("hello-2.0.trace", Format::Two)] {
        let file = std::fs::read(project("tests/integration/fixtures").join(name)).unwrap();
        let trace = Arc::new(Trace::read(&file).unwrap());
        let header = trace.header().unwrap();
        assert_eq!((header.skill.as_str(), header.format), ("hello", format));
        assert!(engine.replay(&skill, &trace).unwrap().exact, "{name}");
        assert!(engine.replay_recorded(&skill, &trace).unwrap().exact, "{name}");
        assert_eq!(trace.end().unwrap().events, 32);
        let behaviour = Behaviour::of(&trace).unwrap();
        assert!(behaviour.effects.iter().any(|effect| effect.to_string() == "file write /tmp/hello/last"));
        // A replay is written as it was recorded.
        let mut again = engine.replay(&skill, &trace).unwrap().trace;
        again.begin_as(&trace);
        let mut written = Vec::new();
        again.write(&mut written).unwrap();
        assert_eq!(Trace::read(&written).unwrap().head(), trace.head(), "{name}");
    }
}

#[test]
fn a_trace_of_a_module_in_an_adapter_is_readable_and_replays_no_more() {
    let trace = "tests/integration/fixtures/adapted-2.0.trace";
    let module = "skills-examples/programs/wasm/c-sort.wasm";
    let invar = Invar::new();
    let shown = invar.run(&["trace", trace]).expect(0).stdout;
    assert!(shown.contains("blocking-write-and-flush"), "{shown}");
    // What the module did there it does by itself.
    let now = invar.path("now.trace").display().to_string();
    let input = "skills-examples/programs/input.txt";
    invar.run(&["run", module, "--world", "lab", "--input", input, "--record", &now]).expect(0);
    let diff = invar.run(&["diff", trace, &now, "--format", "json"]).expect(0).json();
    assert_eq!((&diff["same"], &diff["output_same"]), (&false.into(), &true.into()), "{diff:#}");
    for more in [&[][..], &["--recorded"]] {
        let refused = invar.run(&[&["replay", trace, "--skill", module], more].concat());
        assert_ne!(refused.code, 0, "{refused:?}");
        assert!(refused.stderr.contains("wasi_snapshot_preview1 command 48.0.8"), "{refused:?}");
        assert!(refused.stderr.contains("record the run again"), "{refused:?}");
    }
}

#[test]
fn a_trace_cannot_ask_for_more_than_the_lab_gives() {
    let engine = Engine::new(None).unwrap();
    let skill = engine.load(&component("hello")).unwrap();
    let memory = Memory::new(Keep::All);
    let limits = Limits { fuel: u64::MAX, memory_bytes: u64::MAX, ..Limits::LAB };
    let start = Start { limits, ..start() };
    engine.run(&skill, &start, Box::new(memory.clone())).unwrap();
    let trace = memory.take();
    assert_eq!(trace.header().unwrap().limits, limits);
    assert_eq!(start_of(&trace).unwrap().limits, Limits::LAB);
}

#[test]
fn recorded_answers_end_a_run_at_the_first_call_that_they_do_not_hold() {
    let played = recorded();
    let (engine, skill) = Fixture::engine();
    let trace = Arc::new(played.trace);
    let ended = |script: &str| {
        let start = Start { input: script.as_bytes().into(), ..start_of(&trace).unwrap() };
        let options = RunOptions { answers: AnswersFrom::Trace(trace.clone()), patience: None };
        engine.run_with(&options, skill, &start, Box::new(Discard)).map_err(|error| error.to_string())
    };
    let other_function = ended(&SCRIPT.replacen("wall-now", "monotonic-now", 1)).unwrap_err();
    assert!(other_function.starts_with("not in trace: event 2: "), "{other_function}");
    assert!(other_function.contains("monotonic-clock now is called, where"), "{other_function}");
    let other_request = ended(&SCRIPT.replacen("read-at f 100 0", "read-at f 99 0", 1)).unwrap_err();
    assert!(other_request.ends_with("is called with other arguments than were recorded"), "{other_request}");
    let longer = ended(&format!("{SCRIPT}wall-now\n"));
    assert!(longer.unwrap_err().contains("is called, where"));
}

/// A trace as somebody could have written it: the answers of the calls from `event` on, and the end.
fn forged(trace: &Trace, event: u64, answer: Option<&[u8]>, ending: Ending) -> Trace {
    let memory = Memory::new(Keep::All);
    let mut recorder = Recorder::new(trace.header().unwrap(), Box::new(memory.clone()));
    recorder.begin_with(Some(&trace.files().unwrap()), trace.input().unwrap());
    let calls = trace.events().map(Result::unwrap).filter(|call| call.function != FunctionId::END);
    for call in calls.take_while(|call| call.number <= event) {
        let request = trace.value(call.request).unwrap();
        let open = recorder.begin_event(call.function, call.fuel, call.time_ns, |out| out.raw(request));
        let recorded = call.answer.map(|answer| trace.value(answer).unwrap());
        let answer = if call.number == event { answer } else { recorded };
        recorder.end_event(
            open,
            call.decision.as_ref(),
            answer.map(|bytes| |out: &mut Writer<'_>| out.raw(bytes)),
        );
    }
    recorder.finish(End { ending, ..trace.end().unwrap().clone() }).unwrap();
    memory.take()
}

#[test]
fn a_recorded_answer_that_the_function_could_not_give_is_not_given() {
    let (engine, skill) = Fixture::engine();
    let trace = recorded().trace;
    let is_read = |call: &invar_trace::Event<'_>| call.function == functions::filesystem::DESCRIPTOR_READ;
    let read = trace.events().map(Result::unwrap).find(is_read).unwrap().number;
    let refused = |answer: Option<&[u8]>, ending| {
        let trace = Arc::new(forged(&trace, read, answer, ending));
        engine.replay_recorded(skill, &trace).unwrap_err().to_string()
    };
    // `ok` of 200 bytes and the end, where 100 bytes were asked for.
    let mut long = vec![0x82, 0x00, 0x82, 0x58, 200];
    long.extend([7; 200]);
    long.push(0xf5);
    let error = refused(Some(&long), Ending::Returned);
    assert!(error.contains("200 bytes where at most 100 fit"), "{error}");
    // Neither bytes nor an error.
    let error = refused(Some(&[0x61, b'x']), Ending::Returned);
    assert!(error.contains("cannot be given"), "{error}");
    // No answer, although the run is said to have gone on.
    for ending in [Ending::Returned, Ending::Exited(0), Ending::Failed(None)] {
        let error = refused(None, ending);
        assert!(error.contains("it has none, and the run"), "{error}");
    }
}
