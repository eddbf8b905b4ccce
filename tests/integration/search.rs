//! The trigger search: that its copies do what the originals do, and what it finds with them.

use std::sync::Arc;

use invar_engine::{AnswersFrom, Engine, LoadError, Outcome, Probe, RunOptions, TimeSchedule};
use invar_probe::{HitFilter, MemoryInit, Probes, instrument};
use invar_trace::{
    Behaviour, Decision, Effect, Ending, FunctionId, Keep, Memory, PROBE_IMPORT, Payload, Trace,
};
use invar_world::Digest;
use rayon::prelude::*;
use serde_json::Value;

use crate::helpers::{Invar, OnDisk, Output, examples, report_settings, skills_of};

/// Everything that a run did, fuel and memory aside.
#[derive(Debug, PartialEq)]
struct RunEffects {
    stdout: String,
    stderr: String,
    ending: Ending,
    effects: Vec<Effect>,
    files: Digest,
    calls: Vec<RecordedCall>,
}

/// One host call: when, what, with what, and what came of it.
#[derive(Debug, PartialEq)]
struct RecordedCall {
    time_ns: u64,
    function: FunctionId,
    request: String,
    decision: Option<Decision>,
    answer: Option<String>,
}

impl RunEffects {
    fn of(trace: &Trace, outcome: &Outcome) -> Self {
        let shown = |payload: Payload<'_>| format!("{payload:02x?}");
        let calls = trace.events().map(|event| {
            let event = event.unwrap();
            RecordedCall {
                time_ns: event.time_ns,
                function: event.function,
                request: shown(event.request),
                decision: event.decision,
                answer: event.answer.map(shown),
            }
        });
        Self {
            stdout: String::from_utf8_lossy(&outcome.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&outcome.stderr).into_owned(),
            ending: outcome.end.ending.clone(),
            effects: Behaviour::of(trace).unwrap().effects.into_iter().collect(),
            files: outcome.files.as_ref().unwrap().digest(),
            calls: calls.collect(),
        }
    }
}

/// How an instrumented copy of a skill differs from the original, if it does.
fn differs(engine: &Engine, directory: &str, gates: &[(HitFilter, MemoryInit)]) -> Option<String> {
    let OnDisk { component, start, .. } = OnDisk::read(directory);
    let skill = engine.load(&component).unwrap();
    let memory = Memory::new(Keep::Events);
    let outcome = engine.run(&skill, &start, Box::new(memory.clone())).unwrap();
    let trace = memory.take();
    let (original, schedule) =
        (RunEffects::of(&trace, &outcome), Arc::new(TimeSchedule::of(&trace).unwrap()));
    let options = RunOptions { answers: AnswersFrom::Schedule(schedule), patience: None };
    gates.iter().find_map(|(gate, init)| {
        let probes = Probes::all(*gate);
        let copy = instrument(&skill.component, probes).unwrap();
        let probed = engine.load_probed(&skill, &copy.bytes, &copy.overhead).unwrap();
        // Without texts, and with the initial memory.
        [vec![], vec![init.packed()]].into_iter().find_map(|setup| {
            let probe = Probe { setup: setup.into(), ..Probe::default() };
            let memory = Memory::new(Keep::Events);
            let (outcome, probe) =
                engine.run_probed(&options, &probed, &start, probe, Box::new(memory.clone())).unwrap();
            let did = RunEffects::of(&memory.take(), &outcome);
            match (did == original, probe.hits.is_empty() && *gate == HitFilter::First) {
                (true, false) => None,
                (true, true) => Some(format!("{directory}: the copy reports nothing")),
                (false, _) => Some(format!("{directory}, {gate:?}:\n{original:#?}\n{did:#?}")),
            }
        })
    })
}

const FIRST: (HitFilter, MemoryInit) = (HitFilter::First, MemoryInit::EnterHits(16));
const KNOWN: (HitFilter, MemoryInit) = (HitFilter::Known, MemoryInit::Known(20));

#[test]
fn an_instrumented_copy_does_what_the_original_does() {
    let engine = Engine::new(None).unwrap();
    let names = examples().into_iter().chain(skills_of("guests/c"));
    let mut all: Vec<(String, &[_])> = names.map(|name| (name, [FIRST, KNOWN].as_slice())).collect();
    let corpus = skills_of("corpus");
    assert!(corpus.len() > 200, "{}", corpus.len());
    all.extend(corpus.into_iter().map(|name| (name, [FIRST].as_slice())));
    let wrong: Vec<String> =
        all.par_iter().filter_map(|(name, gates)| differs(&engine, name, gates)).collect();
    assert!(wrong.is_empty(), "{} differ, the first:\n{}", wrong.len(), wrong[0]);
}

#[test]
fn the_import_of_the_probe_is_linked_in_instrumented_copies_alone() {
    let engine = Engine::new(None).unwrap();
    let OnDisk { component, .. } = OnDisk::read("word-count");
    let copy = instrument(&component, HitFilter::First).unwrap();
    let refused = |file: &[u8]| match engine.load(file) {
        Err(LoadError::UnknownImports(names)) => names == [PROBE_IMPORT],
        _ => false,
    };
    assert!(refused(&copy.bytes), "an instrumented copy is no skill");
    let text = format!("(component (import \"{PROBE_IMPORT}\" (func (param \"site\" u32) (result u64))))");
    assert!(refused(&wat::parse_str(&text).unwrap()));

    let invar = Invar::new();
    let file = invar.write("copy.wasm", &copy.bytes);
    for (words, code) in [(&["run", "--world", "lab", &file][..], 126), (&["monitor", &file], 33)] {
        let output = invar.run(words).expect(code);
        assert!(output.stderr.contains(&format!("does not offer: {PROBE_IMPORT};")), "{output:?}");
    }
}

/// Searches a skill of the corpus for what it waits for.
fn fuzz(invar: &Invar, name: &str, more: &[&str]) -> Output {
    let skill = format!("skills-examples/corpus/{name}");
    invar.run(&[&["fuzz", &skill], more].concat())
}

const JSON: &[&str] = &["--format", "json"];

/// A skill, the kind of its trigger, fields of it, and an effect.
type ExpectedTrigger = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str);

/// What must be reported of each: fields of the first trigger, and what its command shows.
const EXPECTED: [ExpectedTrigger; 4] = [
    (
        "counter-once-at-1234567",
        "execution-count",
        &[("source", "file /state/runs"), ("value", "1234566"), ("first_run", "1234567")],
        "network connect tcp://203.0.113.9:443",
    ),
    (
        "date-one-day-2031",
        "clock",
        &[("source", "clock"), ("boundary", "2031-05-23T00:00:00Z")],
        "file write /tmp/sum.csv",
    ),
    (
        "env-tier-gold",
        "environment-variable",
        &[("source", "environment variable ACME_TIER"), ("value", "gold")],
        "network connect tcp://203.0.113.9:443",
    ),
    ("random-modulo-1000003", "random", &[("source", "random")], "network connect tcp://203.0.113.9:443"),
];

/// A field of a trigger as text.
fn field(trigger: &Value, name: &str) -> String {
    let value = if name == "boundary" { &trigger["boundary"]["to"] } else { &trigger[name] };
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[test]
fn what_no_waiting_shows_is_solved_and_every_command_shows_it() {
    for (name, kind, fields, effect) in EXPECTED {
        let invar = Invar::new();
        let report = fuzz(&invar, name, JSON).expect(22).json();
        assert_eq!(report["verdict"], "ACTIVATION-PATTERN-DETECTED", "{name}");
        let triggers = report["triggers"].as_array().unwrap();
        assert_eq!(field(&triggers[0], "kind"), kind, "{name}");
        for (key, value) in fields {
            assert_eq!(field(&triggers[0], key), *value, "{name}: {key}");
        }
        for trigger in triggers {
            assert_eq!(trigger["confidence"], "confirmed", "{name}");
            let command = trigger["reproduce"].as_str().unwrap();
            assert!(command.contains(" --set "), "{name}: {command}");
            let shown = invar.paste(command).expect(0).stdout;
            assert!(shown.contains(&format!("only right  {effect}")), "{name}: {command}\n{shown}");
        }
    }
}

/// The branch is flipped in the copy alone: no replay shows it.
#[test]
fn only_a_replay_of_the_original_confirms() {
    let invar = Invar::new();
    let report = fuzz(&invar, "lock-fnv-user", JSON).expect(20).json();
    assert_eq!(report["verdict"], "MARGINAL");
    let trigger = &report["triggers"][0];
    assert_eq!(field(trigger, "kind"), "environment-variable");
    assert_eq!(field(trigger, "source"), "environment variable USER");
    assert_eq!(field(trigger, "confidence"), "forced");
    assert_eq!((&trigger["value"], &trigger["evidence"]), (&Value::Null, &Value::Array(vec![])));
    assert_eq!(field(trigger, "reproduce"), "", "there is no command that shows it");
    assert_eq!(trigger["effects"], serde_json::json!(["file write /tmp/.account"]));

    // What is confirmed is shown by a trace that the original left.
    let report = fuzz(&invar, "random-modulo-1000003", JSON).expect(22).json();
    let trigger = &report["triggers"][0];
    for evidence in ["undo", "counterfactual", "replay"] {
        assert!(trigger["evidence"].as_array().unwrap().contains(&evidence.into()), "{trigger}");
    }
    let (id, command) = (report["id"].as_str().unwrap(), trigger["reproduce"].as_str().unwrap());
    assert!(command.starts_with(&format!("invar replay {id}/1 --set ")), "{command}");
    let exact = invar.run(&["replay", &format!("{id}/1"), "--check"]).expect(0).stdout;
    assert!(exact.starts_with("exact: "), "{exact}");
}

/// A report without what differs from run to run.
fn settled(mut report: Value) -> Value {
    report["started_at"] = "".into();
    if let Some(search) = report.get_mut("search").and_then(Value::as_object_mut) {
        search.remove("ms");
    }
    for run in report["per_run"].as_array_mut().unwrap() {
        run["real_ms"] = 0.into();
    }
    // Each ledger has other keys; the positions of the events are the same.
    report["ledger"]["log_id"] = "".into();
    report["ledger"]["head"] = "".into();
    report
}

#[test]
fn the_search_gives_the_same_report_on_any_number_of_cores_and_twice() {
    for (name, more, code) in [
        ("random-modulo-1000003", &[][..], 22),
        // Where the budget ends it, it ends at the same run.
        ("counter-once-at-1234567", &["--budget", "1500"][..], 0),
    ] {
        let report = |threads: &str| {
            let skill = format!("skills-examples/corpus/{name}");
            let line = [&["fuzz", &skill, "--format", "json"], more].concat().join(" ");
            let script = format!("--version >/dev/null; RAYON_NUM_THREADS={threads} \"$INVAR\" {line}");
            let output = Invar::new().paste(&format!("invar {script}"));
            assert!(code == 0 || output.code == code, "{output:?}");
            settled(output.json())
        };
        let one = report("1");
        for threads in ["2", "2"] {
            assert!(one == report(threads), "{name} on {threads}");
        }
    }
}

#[test]
fn without_the_search_none_of_it_is_found() {
    for name in EXPECTED.iter().map(|(name, ..)| *name).chain(["lock-fnv-user"]) {
        let report = fuzz(&Invar::new(), name, &[JSON, &["--search", "none"]].concat()).expect(0).json();
        assert_eq!(report["verdict"], "CONSISTENT", "{name}: {}", report["reason"]);
        assert_eq!(report["triggers"], Value::Array(vec![]), "{name}");
    }
}

#[test]
fn a_budget_that_does_not_last_ends_the_search_with_what_was_found_and_says_so() {
    let report =
        |name: &str, budget: &str| fuzz(&Invar::new(), name, &[JSON, &["--budget", budget]].concat()).json();
    let says_so = |report: &Value| report["detection_power"]["untested"].to_string().contains("budget");

    let short = report("env-tier-gold", "300");
    assert!(says_so(&short), "{}", short["detection_power"]);
    assert_eq!(short["triggers"], Value::Array(vec![]));
    // Enough to find it, and not to look at everything.
    let enough = report("env-tier-gold", "6000");
    assert!(says_so(&enough), "{}", enough["detection_power"]);
    assert_eq!(field(&enough["triggers"][0], "value"), "gold");
    // The rest of the protocol is as ever.
    assert_eq!(short["per_run"].as_array().unwrap().len(), 20);
}

#[test]
fn faults_are_searched_too_if_asked_for() {
    let invar = Invar::new();
    let name = "fault-disk-full-acts";
    let report = fuzz(&invar, name, &[JSON, &["--faults"]].concat()).expect(22).json();
    let trigger = &report["triggers"][0];
    assert_eq!(field(trigger, "source"), "file /out/report.txt");
    assert!(field(trigger, "condition").starts_with("when opening /out/report.txt fails with "), "{trigger}");
    let shown = invar.paste(&field(trigger, "reproduce")).expect(0).stdout;
    assert!(shown.contains("only right  network connect tcp://203.0.113.9:443"), "{shown}");
}

#[test]
fn a_skill_that_waits_for_a_variable_is_convicted_in_words() {
    let report = fuzz(&Invar::new(), "env-tier-gold", &[]).expect(22).stdout;
    let mut settings = report_settings();
    // The number of runs may change with the search.
    settings.add_filter(r"\d+ follow-up runs", "[number] follow-up runs");
    settings.bind(|| insta::assert_snapshot!(report));
}
