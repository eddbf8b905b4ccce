//! Ctrl-C: whatever is going on, what is known by then is reported, said to be partial, and on record.

use std::{
    io::{Read, Write},
    process::{Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use invar_engine::{Engine, Patience, RunError, RunOptions, Skill, Start};
use invar_lab::{Cancel, KeepTraces, Monitored, Plan, Progress, Searching, SeriesInput};
use invar_monitor::{Declared, EngineId, SkillId, Subject, Verdict};
use invar_trace::Discard;

use crate::helpers::{Fixture, Invar, OnDisk, project, start};

/// Interrupts as soon as a phase has begun.
struct InterruptAt {
    phase: &'static str,
    is_reached: AtomicBool,
}

impl InterruptAt {
    fn reach(&self, phase: &str) {
        if phase.contains(self.phase) {
            self.is_reached.store(true, Ordering::Relaxed);
        }
    }
}

impl Progress for InterruptAt {
    fn run(&self, number: u32, _: u32) {
        self.reach(&format!("series: run {number}."));
    }

    fn followups(&self, _: u32, asking: &str) {
        self.reach(asking);
    }

    fn search(&self, _: &Searching, _: u64) {
        self.reach("the search");
    }

    fn is_interrupted(&self) -> bool {
        self.is_reached.load(Ordering::Relaxed)
    }

    fn done(&self) {}
}

fn interrupted(name: &str, phase: &'static str) -> Monitored {
    let progress = InterruptAt { phase, is_reached: AtomicBool::new(false) };
    let monitored = watched(name, Plan::of(20), &progress);
    assert!(progress.is_interrupted(), "{name} does not come to: {phase}");
    monitored
}

/// Monitors a skill of the corpus, with faults.
fn watched(name: &str, plan: Plan, progress: &dyn Progress) -> Monitored {
    let OnDisk { manifest, component, start } = OnDisk::read(&format!("corpus/{name}"));
    let engine = Engine::new(None).unwrap();
    let skill: Skill = engine.load(&component).unwrap();
    let subject = Subject {
        id: "test".into(),
        skill: SkillId {
            name: name.into(),
            version: String::new(),
            publisher: String::new(),
            component_sha256: skill.digest.to_string(),
            envelope_sha256: String::new(),
        },
        engine: EngineId { version: String::new(), config_sha256: String::new() },
        seed: start.world.seed,
    };
    let plan = Plan { faults: true, keep: KeepTraces::None, ..plan };
    let declared =
        Declared { envelope: Some(manifest.envelope), claims: manifest.claims, ..Declared::default() };
    let given = SeriesInput { start: &start, others: &[], stored: None };
    invar_lab::monitor(&engine, &skill, given, declared, subject, plan, progress).unwrap()
}

/// Ends the run that is under way, as Ctrl-C does, and not only what would be made after it.
struct CancelAt {
    phase: &'static str,
    cancel: Cancel,
}

impl Progress for CancelAt {
    fn run(&self, number: u32, _: u32) {
        if format!("series: run {number}.").contains(self.phase) {
            self.cancel.cancel();
        }
    }

    fn followups(&self, _: u32, asking: &str) {
        if asking.contains(self.phase) {
            self.cancel.cancel();
        }
    }

    fn search(&self, _: &Searching, _: u64) {}

    fn cancel(&self) -> Cancel {
        self.cancel.clone()
    }

    fn done(&self) {}
}

#[test]
fn a_run_that_is_cancelled_is_no_result_and_those_before_it_are_reported() {
    for phase in ["series: run 2.", "series: run 7.", "with something changed"] {
        let progress = CancelAt { phase, cancel: Cancel::default() };
        let Monitored { report, summaries, .. } = watched("ci-acts", Plan::of(20), &progress);
        let at = format!("{phase}: {} {}", report.verdict, report.reason);
        assert!(progress.cancel.is_cancelled(), "{at}");
        assert!(report.coverage.limits[0].starts_with("partial: "), "{at}: {:?}", report.coverage);
        let copies = report.search.map_or(0, |search| search.runs);
        let made = u64::from(report.runs) + u64::from(report.followups) - copies;
        assert_eq!(summaries.len() as u64, made, "{at}");
    }
}

/// Reports no progress, and never interrupts.
struct Patient;

impl Progress for Patient {
    fn run(&self, _: u32, _: u32) {}
    fn followups(&self, _: u32, _: &str) {}
    fn search(&self, _: &Searching, _: u64) {}
    fn done(&self) {}
}

#[test]
fn a_run_that_the_host_is_too_slow_for_is_no_finding_and_no_baseline() {
    let plan = Plan { run_time: Duration::ZERO, ..Plan::of(20) };
    let Monitored { report, summaries, .. } = watched("counter-text-every-8", plan, &Patient);
    assert_eq!(report.verdict, Verdict::Inconclusive);
    assert!(report.reason.contains("the host was too slow"), "{}", report.reason);
    assert_eq!((report.runs, report.findings().count(), summaries.len()), (0, 0, 0));
}

#[test]
fn a_run_ends_at_its_next_look_once_its_time_is_over_or_it_is_cancelled() {
    let (engine, skill) = Fixture::engine();
    let start = Start { input: b"repeat 4000000 monotonic-now".as_slice().into(), ..start() };
    let over = Patience { time: Duration::from_millis(20), ..Patience::default() };
    let ended = |patience: &Patience| {
        let options = RunOptions { patience: Some(patience), ..RunOptions::default() };
        engine.run_with(&options, skill, &start, Box::new(Discard)).unwrap_err()
    };
    assert_eq!(ended(&over), RunError::HostTime(Duration::from_millis(20)));
    let patience = Patience::default();
    std::thread::scope(|scope| {
        let run = scope.spawn(|| ended(&patience));
        std::thread::sleep(Duration::from_millis(20));
        patience.cancel.cancel();
        assert_eq!(run.join().unwrap(), RunError::Cancelled);
    });
}

#[test]
fn an_interruption_in_any_phase_reports_what_is_known_and_says_that_it_is_partial() {
    for (name, phase) in [
        ("counter-from-5000", "series: run 2."),
        ("counter-from-5000", "series: run 7."),
        ("counter-text-every-8", "run 8 with"),
        ("counter-text-every-8", "again from the initial files"),
        ("ci-acts", "with something changed"),
        ("algorithm-switch-by-size", "with another input"),
        ("fault-disk-full-acts", "what could go wrong"),
        ("fault-disk-full-acts", "with something going wrong"),
        ("counter-from-5000", "for what a counter waits for"),
        ("env-tier-gold", "the search"),
    ] {
        let Monitored { report, summaries, .. } = interrupted(name, phase);
        let at = format!("{name}, {phase}: {} {}", report.verdict, report.reason);
        assert!(report.coverage.limits[0].starts_with("partial: "), "{at}: {:?}", report.coverage);
        assert!(!report.detection_power.untested.is_empty(), "{at}");
        assert!(summaries.len() >= report.runs as usize, "{at}: {} runs on record", summaries.len());
        let copies = report.search.map_or(0, |search| search.runs);
        let made = u64::from(report.runs) + u64::from(report.followups) - copies;
        assert_eq!(summaries.len() as u64, made, "{at}");
    }
}

#[test]
fn an_interruption_before_a_class_got_its_minimum_is_inconclusive_unless_something_is_found() {
    let early = interrupted("counter-from-5000", "series: run 7.").report;
    assert_eq!(early.verdict, Verdict::Inconclusive, "{}", early.reason);
    assert!(early.reason.contains("interrupted"), "{}", early.reason);
    // What the series itself shows counts.
    let fired = interrupted("counter-text-every-8", "series: run 9.").report;
    assert_eq!(fired.verdict, Verdict::Variant, "{}", fired.reason);
    // By then every class has its minimum.
    let late = interrupted("counter-from-5000", "for what a counter waits for").report;
    assert_eq!(late.verdict, Verdict::Consistent, "{}", late.reason);
}

/// What a terminal shows of a command, and its exit code, when Ctrl-C is typed as soon as it shows `phase`.
fn typed_at(invar: &Invar, words: &str, phase: &str) -> (String, i32) {
    // Without `exec`, a shell that waits (dash does) would die of the signal and give another exit code.
    let line = format!("exec '{}' {words}", env!("CARGO_BIN_EXE_invar-under-test"));
    let mut child = Command::new("script")
        .args(["--quiet", "--return", "--flush", "--command", &line, "/dev/null"])
        .current_dir(project(""))
        .env("INVAR_HOME", invar.path(""))
        .env("TERM", "xterm")
        .env("SHELL", "/bin/sh")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut keys, mut screen) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let (mut shown, mut buffer, mut is_typed) = (Vec::new(), [0; 4096], false);
    loop {
        let read = screen.read(&mut buffer).unwrap_or(0);
        if read == 0 {
            break;
        }
        shown.extend_from_slice(&buffer[..read]);
        if !is_typed && String::from_utf8_lossy(&shown).contains(phase) {
            keys.write_all(b"\x03").unwrap();
            keys.flush().unwrap();
            is_typed = true;
        }
    }
    let code = child.wait().unwrap().code().unwrap_or(-1);
    // Lines are wrapped where they are long.
    let shown = String::from_utf8_lossy(&shown).replace("\r\n  ", " ");
    assert!(is_typed, "{phase} never came: {shown}");
    (shown, code)
}

#[test]
fn ctrl_c_gives_a_partial_report_with_its_entry_in_the_audit_trail() {
    let slow = "fuzz skills-examples/corpus/counter-once-at-1234567 --keep none";
    for (phase, code) in [("a counter waits for", 0), ("search:", 0)] {
        let invar = Invar::new();
        let (shown, exit) = typed_at(&invar, slow, phase);
        assert!(shown.contains("partial: it was interrupted"), "{phase}: {shown}");
        assert_eq!(exit, code, "{phase}: {shown}");
        let verdicts = invar.run(&["ledger", "show", "--kind", "verdict"]).expect(0).stdout;
        assert_eq!(verdicts.lines().filter(|line| line.contains("verdict")).count(), 1, "{verdicts}");
    }
}

#[test]
fn ctrl_c_during_a_second_input_reports_the_first_and_says_what_was_not_tried() {
    let invar = Invar::new();
    let inputs: Vec<String> =
        (0..3).map(|n| format!("--input {}", invar.write(&format!("in/{n}"), format!("{n}\n")))).collect();
    let words = format!(
        "monitor skills-examples/corpus/counter-once-at-1234567 --keep none --runs 10 {}",
        inputs.join(" ")
    );
    // The second series is seen by its bar, which starts again once the first is through.
    let (shown, exit) = typed_at(&invar, &words, "a counter waits for");
    assert!(shown.contains("2 inputs not tried to the end"), "{shown}");
    assert_eq!(exit, 23, "{shown}");
}
