//! Executions that were recorded elsewhere: what is found in logs and traces, and how bad ones are refused.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::helpers::{Invar, Output, project};

const EXAMPLE: &str = "skills-examples/history/agent.jsonl";
const SECONDS_PER_HOUR: u64 = 3_600;

/// SHA-256 by the sound of it.
fn digest(of: u64) -> String {
    format!("{of:064x}")
}

/// The line of an execution, some hours after the last, with a change.
fn line(number: u64, change: impl Fn(&mut Value)) -> String {
    let seconds = number * (2 * SECONDS_PER_HOUR + 1_234);
    let (days, rest) = (seconds / (24 * SECONDS_PER_HOUR), seconds % (24 * SECONDS_PER_HOUR));
    let time = format!(
        "2026-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        1 + days / 28,
        1 + days % 28,
        rest / SECONDS_PER_HOUR,
        rest / 60 % 60,
        rest % 60
    );
    let mut line = json!({
        "schema": "invar-execution/1",
        "skill": "notes",
        "version": "1.0.0",
        "time": time,
        "input_sha256": digest(1),
        "host_sha256": digest(2),
        "output_sha256": digest(3),
        "exit": 0,
        "effects": ["file read /notes", "file write /out/index"],
        "violations": [],
        "resources": { "fuel": 500_000 + number * 7_919 % 9_973, "memory_peak_bytes": 1_114_112 },
    });
    change(&mut line);
    line.to_string()
}

fn log(number: u64, change: impl Fn(u64, &mut Value)) -> String {
    (1..=number).fold(String::new(), |mut log, number| {
        let _ = writeln!(log, "{}", line(number, |entry| change(number, entry)));
        log
    })
}

fn exfiltrate(entry: &mut Value) {
    entry["effects"].as_array_mut().unwrap().push("network connect tcp://203.0.113.9:443".into());
    entry["violations"] = json!(["network = [\"tcp://203.0.113.9:443\"]"]);
}

fn analyze(log: &str, more: &[&str]) -> Output {
    let invar = Invar::new();
    let path = invar.write("agent.jsonl", log);
    invar.run(&[&["history", "analyze", &path], more].concat())
}

/// The error about a log, without the directory it lies in.
fn refused(log: impl AsRef<[u8]>) -> String {
    let invar = Invar::new();
    let path = invar.write("agent.jsonl", log);
    let output = invar.run(&["history", "analyze", &path]).expect(33);
    assert_eq!(output.stdout, "");
    output.stderr.replace(&path, "agent.jsonl")
}

fn validate(schema: &str, document: &Value) {
    let schema = std::fs::read_to_string(project(schema)).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn a_clean_log_is_consistent() {
    let report = analyze(&log(150, |_, _| {}), &["--format", "json"]).expect(0).json();
    assert_eq!(report["verdict"], "CONSISTENT");
    for class in ["output-determinism", "resource-usage", "side-effects", "execution-count", "envelope"] {
        assert_eq!(report["skills"][0]["invariants"][class]["status"], "pass", "{class}");
    }
    for class in ["environment", "performance", "audit-trail"] {
        assert_eq!(report["skills"][0]["invariants"][class]["status"], "not-checked", "{class}");
    }
}

#[test]
fn a_contact_at_every_eighth_execution_is_found_with_its_period() {
    let log = log(80, |number, entry| {
        if number % 8 == 0 {
            exfiltrate(entry)
        }
    });
    let report = analyze(&log, &["--format", "json"]).expect(21).json();
    let skill = &report["skills"][0];
    assert_eq!(skill["verdict"], "VARIANT");
    let trigger = &skill["triggers"][0];
    assert_eq!((&trigger["kind"], &trigger["period"]), (&"execution-count".into(), &8.into()));
    assert_eq!((&trigger["confidence"], &trigger["evidence"]), (&"suspected".into(), &json!([])));
    let finding = &skill["invariants"]["side-effects"]["findings"][0];
    assert_eq!(finding["severity"], "critical");
    assert_eq!(finding["runs"], json!([8, 16, 24, 32, 40, 48, 56, 64, 72, 80]));
}

#[test]
fn the_example_is_ranked_in_words_and_in_json() {
    let invar = Invar::new();
    let human = invar.run(&["history", "analyze", EXAMPLE]).expect(21).stdout;
    let json = invar.run(&["history", "analyze", EXAMPLE, "--format", "json"]).expect(21);
    validate("docs/schema/invar-history-1.json", &json.json());
    insta::assert_snapshot!("example_human", human);
    insta::assert_snapshot!("example_json", json.stdout);
}

#[test]
fn every_line_of_the_example_keeps_to_the_schema_of_executions() {
    const SCHEMA: &str = "docs/schema/invar-execution-1.json";
    for line in std::fs::read_to_string(project(EXAMPLE)).unwrap().lines() {
        validate(SCHEMA, &serde_json::from_str(line).unwrap());
    }
    validate(SCHEMA, &serde_json::from_str(&line(1, exfiltrate)).unwrap());
}

#[test]
fn the_schema_of_executions_takes_what_the_reader_takes() {
    let schema = std::fs::read_to_string(project("docs/schema/invar-execution-1.json")).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let agree = |key: &str, value: Value| {
        let text = line(1, |entry| entry[key] = value.clone());
        let is_read = analyze(&text, &[]).code != 33;
        let is_valid = validator.is_valid(&serde_json::from_str(&text).unwrap());
        assert_eq!(is_read, is_valid, "{key}: {value}");
    };
    for key in ["agent", "component_sha256", "run", "input_bytes", "host_sha256", "violations", "schema"] {
        agree(key, Value::Null);
    }
    for key in ["skill", "version", "input_sha256", "output_sha256", "exit", "effects", "resources"] {
        agree(key, Value::Null);
        agree(key, json!({}));
        agree(key, json!([]));
        agree(key, json!(-1));
    }
    agree("surprise", json!(1));
    agree("run", json!(0));
    agree("exit", json!(256));
    agree("agent", json!(""));
    agree("skill", json!("x".repeat(257)));
    agree("input_sha256", json!("A".repeat(64)));
    agree("effects", json!(["random", "wait", "file write /a (exist)"]));
    agree("effects", json!(["randomly"]));
    agree("resources", json!({ "fuel": 1.5 }));
    agree("resources", json!({ "feul": 1 }));
}

#[test]
fn a_fifth_more_fuel_in_every_execution_is_marginal_and_dated() {
    let log = log(500, |number, entry| {
        let fuel = entry["resources"]["fuel"].as_u64().unwrap();
        entry["resources"]["fuel"] = if number > 260 { fuel * 6 / 5 } else { fuel }.into();
    });
    let report = analyze(&log, &["--format", "json"]).expect(20).json();
    let finding = &report["skills"][0]["invariants"]["resource-usage"]["findings"][0];
    assert!(finding["what"].as_str().unwrap().starts_with("+20.0 % fuel since execution 26"), "{finding}");
    assert!(finding["expected"].as_str().unwrap().contains("at most 1 of 1,000 logs of this length"));
}

#[test]
fn the_skills_of_all_agents_are_ranked_and_can_be_chosen() {
    let log = log(240, |number, entry| {
        entry["skill"] = ["late", "clean", "doubtful"][usize::try_from(number % 3).unwrap()].into();
        entry["agent"] = ["ada", "bob"][usize::try_from(number / 3 % 2).unwrap()].into();
        match number % 3 {
            0 if number > 120 => exfiltrate(entry),
            2 if number == 122 => {
                entry["host_sha256"] = Value::Null;
                entry["violations"] = json!(["clock = [\"wall\"]"]);
            }
            _ => {}
        }
    });
    let report = analyze(&log, &["--format", "json"]).expect(21).json();
    let ranking: Vec<String> = report["skills"]
        .as_array()
        .unwrap()
        .iter()
        .map(|skill| format!("{} {}", skill["name"], skill["verdict"]).replace('"', ""))
        .collect();
    assert_eq!(ranking, ["late VARIANT", "doubtful MARGINAL", "clean CONSISTENT"]);
    assert_eq!(report["skills"][0]["agents"], json!(["ada", "bob"]));
    let conditions: Vec<&str> = report["skills"][0]["triggers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["condition"].as_str().unwrap())
        .collect();
    assert_eq!(conditions, ["execution 21 and after by ada", "execution 21 and after by bob"]);

    analyze(&log, &["--skill", "clean"]).expect(0);
    analyze(&log, &["--skill", "doubtful"]).expect(20);
    analyze(&log, &["--skill", "doubtful", "--fail-on", "VARIANT"]).expect(0);
    let of_ada = analyze(&log, &["--skill", "late", "--agent", "ada", "--format", "json"]).expect(21).json();
    assert_eq!(of_ada["executions"], 40);
    assert_eq!(of_ada["skills"][0]["triggers"][0]["condition"], "execution 21 and after");
    let none = analyze(&log, &["--skill", "nobody"]).expect(33).stderr;
    assert!(none.contains("skills clean, doubtful and late by agents ada and bob"), "{none}");
}

#[test]
fn a_version_may_change_what_it_does_and_no_component_may_be_replaced_under_it() {
    let change = |version: &'static str| {
        log(60, move |number, entry| {
            entry["component_sha256"] = digest(if number > 30 { 8 } else { 7 }).into();
            if number > 30 {
                entry["version"] = version.into();
                entry["output_sha256"] = digest(9).into();
            }
        })
    };
    let honest = analyze(&change("1.2.0"), &["--format", "json"]).expect(0).json();
    assert!(honest["skills"][0]["reason"].as_str().unwrap().ends_with("changed with version 1.2.0: output"));
    assert_eq!(honest["skills"][0]["versions"][1]["version"], "1.2.0");
    let replaced = analyze(&change("1.0.0"), &["--format", "json"]).expect(21).json();
    let reason = replaced["skills"][0]["reason"].as_str().unwrap();
    assert_eq!(reason, "the same version 1.0.0, another component, since execution 31");
}

#[test]
fn the_same_logs_give_the_same_report_whatever_their_order_in_time() {
    let text = log(40, |number, entry| {
        if number % 8 == 0 {
            exfiltrate(entry)
        }
    });
    let once = analyze(&text, &["--format", "json"]).stdout;
    assert_eq!(once, analyze(&text, &["--format", "json"]).stdout);
    let mut lines: Vec<&str> = text.lines().collect();
    lines.reverse();
    let reversed = analyze(&lines.join("\n"), &["--format", "json"]).json();
    assert_eq!(reversed["notes"], json!(["39 executions out of order in time: sorted"]));
    let once: Value = serde_json::from_str(&once).unwrap();
    assert_eq!(reversed["skills"], once["skills"]);
    assert_ne!(reversed["id"], once["id"]);
}

#[test]
fn hostile_logs_are_refused_with_file_and_line() {
    let good = line(1, |_| {});
    let cases = [
        (format!("{good}\n{}", &good[..good.len() / 2]), "agent.jsonl:2: column "),
        (format!("{good}\n{good} trailing\n"), "agent.jsonl:2: column "),
        (line(1, |entry| entry["exit"] = "0".into()), "agent.jsonl:1: column "),
        (
            line(1, |entry| entry["time"] = "yesterday".into()),
            "agent.jsonl:1: time: \"yesterday\" is not a time",
        ),
        (line(1, |entry| entry["more"] = 1.into()), "agent.jsonl:1: column "),
        (line(1, |entry| entry["skill"] = "a\u{202e}b".into()), "skill holds \\u{202e}"),
        (line(1, |entry| entry["effects"] = "file write /a".into()), "agent.jsonl:1: "),
        ("\u{feff}".to_owned() + &good, "agent.jsonl:1: "),
        ("[".repeat(100_000), "agent.jsonl:1: "),
        (String::new(), "agent.jsonl holds no execution"),
        ("\n \n".into(), "agent.jsonl holds no execution"),
        (
            format!("{good}\n{}", "x".repeat((1 << 20) + 1)),
            "agent.jsonl:2: the line is longer than 1048576 bytes",
        ),
    ];
    for (text, expected) in cases {
        let error = refused(&text);
        assert!(error.contains(expected) && error.len() < 1_000, "{expected}: {error}");
        assert!(!error.contains('\u{1b}') && !error.contains('\u{202e}'), "{error:?}");
    }
    refused([0xff, 0xfe, 0, b'\n']);
    refused([0x89, b'I', b'N', b'V']);
    let missing = Invar::new().run(&["history", "analyze", "nowhere.jsonl"]).expect(33).stderr;
    assert!(missing.contains("nowhere.jsonl"), "{missing}");
}

#[test]
fn other_forms_are_refused_with_those_that_there_are() {
    let output = analyze(&line(1, |_| {}), &["--format", "sarif"]).expect(2);
    assert!(output.stderr.contains("human, json"), "{}", output.stderr);
}

#[test]
fn two_executions_are_inconclusive() {
    let output = analyze(&log(2, |_, _| {}), &[]).expect(23);
    assert!(output.stdout.contains("2 executions; 3 are needed"), "{}", output.stdout);
}

#[test]
fn traces_of_a_series_show_what_the_monitor_saw_as_far_as_they_can() {
    let invar = Invar::new();
    let report = invar
        .run(&["monitor", "@data-enrichment-service", "--keep", "all", "--format", "json"])
        .expect(22)
        .json();
    let id = report["id"].as_str().unwrap();
    let traces: Vec<String> = (1..=20).map(|run| format!("{id}/{run}")).collect();
    let words: Vec<&str> =
        ["history", "analyze"].into_iter().chain(traces.iter().map(String::as_str)).collect();
    let history = invar.run(&[&words[..], &["--format", "json"]].concat()).expect(21).json();
    validate("docs/schema/invar-history-1.json", &history);
    let skill = &history["skills"][0];
    assert_eq!(skill["name"], "data-enrichment-service");
    assert_eq!(skill["invariants"]["side-effects"]["findings"][0]["runs"], json!([8, 16]));
    // Two firings are too few for chance to be ruled out, and it is said what they look like.
    let count = skill["invariants"]["execution-count"]["why"].as_str().unwrap();
    assert!(count.starts_with("it looks like every 8th execution"), "{count}");
    // Each of them was answered the same from outside, which is known of traces.
    let tested = skill["detection_power"]["conditions_tested"].to_string();
    assert!(tested.contains("20 of them compared with others on the same input, 20 of those"), "{tested}");
    let human = invar.run(&words).expect(21).stdout;
    let diff = human.lines().find_map(|line| line.split_once("invar diff ")).unwrap().1;
    assert_eq!(diff, format!("{id}/7 {id}/8"));
    invar.paste(&format!("invar diff {diff}")).expect(0);

    // A clean skill stays clean, also in a file of lines and traces together.
    invar
        .run(&["run", "@word-count", "--world", "lab", "--record", invar.path("w.trace").to_str().unwrap()])
        .expect(0);
    let path = invar.path("w.trace").display().to_string();
    invar.run(&["history", "analyze", &path, &path, &path]).expect(0);
}
