//! Ctrl-C: whatever is going on, what is known by then is reported, said to be partial, and on record.

use std::{
    io::{Read, Write},
    process::{Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
};

use invar_engine::{Engine, Skill};
use invar_lab::{Given, KeepTraces, Monitored, Plan, Progress, Searching};
use invar_monitor::{Declared, EngineId, SkillId, Subject, Verdict};

use crate::helpers::{Invar, OnDisk, project};

/// Asks for an end as soon as it is told that a phase has begun.
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
    let plan = Plan { faults: true, keep: KeepTraces::None, ..Plan::of(20) };
    let declared = Declared { envelope: Some(manifest.envelope), claims: manifest.claims };
    let progress = InterruptAt { phase, is_reached: AtomicBool::new(false) };
    let given = Given { start: &start, others: &[], stored: None };
    let monitored = invar_lab::monitor(&engine, &skill, given, declared, subject, plan, &progress).unwrap();
    assert!(progress.is_interrupted(), "{name} does not come to: {phase}");
    monitored
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
        let Monitored { report, accounts, .. } = interrupted(name, phase);
        let at = format!("{name}, {phase}: {} {}", report.verdict, report.reason);
        assert!(report.coverage.limits[0].starts_with("partial: "), "{at}: {:?}", report.coverage);
        assert!(!report.detection_power.untested.is_empty(), "{at}");
        assert!(accounts.len() >= report.runs as usize, "{at}: {} runs on record", accounts.len());
        let copies = report.search.map_or(0, |search| search.runs);
        let made = u64::from(report.runs) + u64::from(report.followups) - copies;
        assert_eq!(accounts.len() as u64, made, "{at}");
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
    // Without `exec`, a shell that waits (dash does) would itself die of the signal and give its own exit code.
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
