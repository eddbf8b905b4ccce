//! The reports: what they say, that they say it again, and that what they print works.

use crate::helpers::{Invar, Output, report_settings};

const SLEEPER: &[&str] = &["monitor", "@data-enrichment-service", "--runs", "20", "--fresh"];

fn monitor(invar: &Invar, more: &[&str]) -> Output {
    invar.run(&[SLEEPER, more].concat())
}

#[test]
fn a_skill_that_turns_at_run_8_is_convicted_in_words() {
    let report = monitor(&Invar::new(), &[]).expect(22).stdout;
    report_settings().bind(|| insta::assert_snapshot!(report));
}

#[test]
fn a_skill_that_turns_at_run_8_is_convicted_in_json() {
    let report = monitor(&Invar::new(), &["--format", "json"]).expect(22).stdout;
    report_settings().bind(|| insta::assert_snapshot!(report));
}

#[test]
fn the_report_has_the_fields_of_its_schema() {
    let report = monitor(&Invar::new(), &["--format", "json"]).expect(22).json();
    assert_eq!(report["schema"], "invar-report/1");
    assert_eq!(report["verdict"], "ACTIVATION-PATTERN-DETECTED");
    let trigger = &report["triggers"][0];
    assert_eq!(trigger["kind"], "execution-count");
    assert_eq!((&trigger["first_run"], &trigger["period"]), (&8.into(), &8.into()));
    assert_eq!(trigger["source"], "file /tmp/enrichment-cache/index");
    assert_eq!(trigger["confidence"], "confirmed");
    let evidence: Vec<&str> =
        trigger["evidence"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
    for way in ["reset", "undo", "counterfactual", "replay"] {
        assert!(evidence.contains(&way), "{way} is not in {evidence:?}");
    }
    let runs = report["per_run"].as_array().unwrap();
    assert_eq!(runs.len(), 20);
    for run in runs {
        let is_flipped = run["run"] == 8 || run["run"] == 16;
        assert_eq!(run["bytes"]["network_sent"], if is_flipped { 2344 } else { 0 });
        assert_eq!(run["violations"].as_array().unwrap().is_empty(), !is_flipped);
        let ratio = run["fuel"].as_f64().unwrap() / runs[1]["fuel"].as_f64().unwrap();
        assert!(if is_flipped { ratio > 30.0 } else { ratio < 1.1 }, "{ratio}");
    }
}

#[test]
fn the_same_seed_gives_the_same_report_twice() {
    let report = || {
        let mut report = monitor(&Invar::new(), &["--seed", "11", "--format", "json"]).expect(22).json();
        report["started_at"] = "".into();
        for run in report["per_run"].as_array_mut().unwrap() {
            run["real_ms"] = 0.into();
        }
        report["search"]["ms"] = 0.into();
        // Each ledger has other keys; the positions of the events are the same.
        report["ledger"]["log_id"] = "".into();
        report["ledger"]["head"] = "".into();
        report
    };
    assert_eq!(report(), report());
}

#[test]
fn the_commands_that_a_report_prints_work_when_pasted() {
    let invar = Invar::new();
    let report = monitor(&invar, &["--format", "json"]).expect(22).json();
    let reproduce = report["triggers"][0]["reproduce"].as_str().unwrap();
    assert!(reproduce.contains("/1 --set file:/tmp/enrichment-cache/index=7"), "{reproduce}");
    let replay = invar.paste(reproduce).expect(0).stdout;
    assert!(replay.contains("connect tcp://203.0.113.9:443"), "{replay}");

    let human = monitor(&invar, &[]).expect(22).stdout;
    let mut tried = 0;
    for line in human.lines() {
        let Some((_, command)) = line.split_once("invar ") else { continue };
        let command = format!("invar {command}");
        let is_judged = command.starts_with("invar monitor") || command.starts_with("invar fuzz");
        let expected = if is_judged { 22 } else { 0 };
        invar.paste(&command).expect(expected);
        tried += 1;
    }
    assert!(tried >= 4, "{human}");
}

#[test]
fn fail_on_lets_milder_verdicts_pass() {
    let invar = Invar::new();
    let code = |verdict: &str| monitor(&invar, &["--fail-on", verdict]).code;
    assert_eq!(code("VARIANT"), 22);
    assert_eq!(code("ACTIVATION-PATTERN-DETECTED"), 22);
    let clean = invar.run(&["monitor", "@word-count", "--fail-on", "MARGINAL"]);
    clean.expect(0);
    let variant = invar.write("write.script", "d = get-directories\nopen-at d \"tmp/x\" create write\n");
    let envelope = invar.write("none.toml", "[envelope]\n");
    let words =
        ["monitor", "skills-examples/puppet/puppet.wasm", "--input", &variant, "--envelope", &envelope];
    invar.run(&words).expect(21);
    invar.run(&[&words[..], &["--fail-on", "ACTIVATION-PATTERN-DETECTED"]].concat()).expect(0);
}

#[test]
fn a_report_leaves_links_and_devices_what_they_are() {
    let invar = Invar::new();
    let real = invar.write("real.json", "old");
    let link = invar.path("link.json");
    std::os::unix::fs::symlink(&real, &link).unwrap();
    let monitor = |to: &str| {
        invar.run(&["monitor", "@hello", "--keep", "none", "--search", "none", "--format", "json", "-o", to])
    };
    monitor(&link.display().to_string()).expect(0);
    assert!(link.is_symlink() && std::fs::read_to_string(&real).unwrap().starts_with('{'));
    monitor("/dev/null").expect(0);
    let error = monitor("/dev/full").expect(33).stderr;
    assert!(error.contains("cannot write /dev/full"), "{error}");
    for device in ["/dev/null", "/dev/full"] {
        assert!(!std::path::Path::new(device).metadata().unwrap().is_file(), "{device}");
    }
}

#[test]
fn a_report_can_go_to_a_file() {
    let invar = Invar::new();
    let path = invar.path("report.json");
    let output = monitor(&invar, &["--format", "json", "-o", path.to_str().unwrap()]).expect(22);
    assert_eq!(output.stdout, "");
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!(report["runs"], 20);
}

#[test]
fn nothing_but_the_report_is_on_standard_output_and_no_escape_codes() {
    let output = monitor(&Invar::new(), &[]).expect(22);
    assert!(!output.stdout.contains('\u{1b}') && output.stderr.is_empty(), "{output:?}");
}

/// The test fixture under an envelope, with a script.
fn verdict_of(script: &str, envelope: &str) -> (i32, serde_json::Value) {
    let invar = Invar::new();
    let script = invar.write("input.script", script);
    let envelope = invar.write("envelope.toml", format!("[envelope]\n{envelope}\n"));
    let skill = "skills-examples/puppet/puppet.wasm";
    let output =
        invar.run(&["monitor", skill, "--input", &script, "--envelope", &envelope, "--format", "json"]);
    (output.code, output.json())
}

/// Severity and what, of every finding above information.
fn findings(report: &serde_json::Value) -> Vec<String> {
    let invariants = report["invariants"].as_object().unwrap().values();
    let findings = invariants.flat_map(|invariant| invariant["findings"].as_array().unwrap());
    let mut found: Vec<String> = findings
        .filter(|finding| finding["severity"] != "info")
        .map(|finding| format!("{} {}", finding["class"], finding["severity"]).replace('"', ""))
        .collect();
    found.sort();
    found.dedup();
    found
}

#[test]
fn an_undeclared_contact_is_critical() {
    let script = "n = instance-network\nr = resolve-addresses n \"evil.example\"\n";
    let (code, report) = verdict_of(script, "");
    assert_eq!((code, findings(&report)), (21, vec!["envelope critical".to_owned()]));
    let (code, report) = verdict_of(script, "network = [\"tcp://evil.example:1\"]");
    assert_eq!((code, findings(&report)), (0, vec![]));
}

#[test]
fn an_undeclared_write_is_critical() {
    let script = "d = get-directories\nopen-at d \"tmp/x\" create write\n";
    let (code, report) = verdict_of(script, "");
    assert_eq!((code, findings(&report)), (21, vec!["envelope critical".to_owned()]));
    let (code, report) = verdict_of(script, "files.write = [\"/tmp/x\"]");
    assert_eq!((code, findings(&report)), (0, vec![]));
}

#[test]
fn an_undeclared_read_of_what_is_not_there_is_minor_and_what_hangs_on_the_file_is_found() {
    let script = "d = get-directories\nopen-at d \"etc/passwd\" read\n";
    let (code, report) = verdict_of(script, "");
    let expected = vec!["envelope minor".to_owned(), "environment major".to_owned()];
    assert_eq!((code, findings(&report)), (22, expected));
    assert_eq!(report["triggers"][0]["source"], "file /etc/passwd");
}

#[test]
fn an_undeclared_read_of_a_file_that_is_there_is_major() {
    let invar = Invar::new();
    let script = invar.write("input.script", "d = get-directories\nopen-at d \"etc/passwd\" read\n");
    let envelope = invar.write("envelope.toml", "[envelope]\n");
    let world = invar.write("world.toml", "[files]\n\"/etc/passwd\" = \"root\"\n");
    let skill = "skills-examples/puppet/puppet.wasm";
    let words = ["monitor", skill, "--input", &script, "--envelope", &envelope, "--world", &world];
    let report = invar.run(&[&words[..], &["--format", "json"]].concat()).json();
    assert!(findings(&report).contains(&"envelope major".to_owned()), "{report:#}");
}

#[test]
fn every_form_of_a_report_gives_the_same_deciding_reason() {
    let invar = Invar::new();
    let world = invar.write("world.toml", "[files]\n\"/etc/passwd\" = \"root\"\n");
    let envelope = invar.write("envelope.toml", "[envelope]\n");
    let skill = "skills-examples/puppet/puppet.wasm";
    for script in [
        "d = get-directories\nopen-at d \"etc/passwd\" read\n",
        "d = get-directories\nopen-at d \"tmp/x\" create write\n",
        "p = subscribe-duration 1000\nblock p\n",
        "wall-now\n",
    ] {
        let input = invar.write("input.script", script);
        let of = |format: &str| {
            let words = ["monitor", skill, "--input", &input, "--envelope", &envelope, "--world", &world];
            invar.run(&[&words[..], &["--format", format]].concat())
        };
        let report = of("json").json();
        let reason = report["reason"].as_str().unwrap().to_owned();
        // Lines are wrapped, sentences begin with a capital letter, and Markdown escapes.
        let plain = |text: &str| {
            let words: Vec<&str> = text.split_whitespace().collect();
            words.join(" ").replace('\\', "").to_lowercase()
        };
        for format in ["human", "markdown"] {
            let text = of(format).stdout;
            assert!(plain(&text).contains(&plain(&reason)), "{format}: {reason}\n{text}");
        }
    }
}

#[test]
fn an_undeclared_clock_that_nothing_depends_on_is_minor() {
    // The test fixture prints every answer, so this one is asked for and thrown away.
    let script = "p = subscribe-duration 1000\nblock p\n";
    let (code, report) = verdict_of(script, "");
    assert_eq!((code, findings(&report)), (20, vec!["envelope minor".to_owned()]));
}

#[test]
fn output_that_varies_with_an_undeclared_clock_is_major() {
    let (code, report) = verdict_of("wall-now\n", "");
    assert_eq!(code, 21);
    assert!(findings(&report).contains(&"output-determinism major".to_owned()), "{report:#}");
    let (code, _) = verdict_of("wall-now\n", "clock = [\"wall\"]");
    assert_eq!(code, 0, "declared, and without claims");
}

#[test]
fn output_that_varies_with_undeclared_random_is_major() {
    let (code, report) = verdict_of("get-random-u64\n", "");
    assert_eq!(code, 21);
    assert!(findings(&report).contains(&"output-determinism major".to_owned()), "{report:#}");
}

#[test]
fn a_skill_that_always_fails_is_inconclusive_and_its_first_failed_calls_are_named() {
    let script = "d = get-directories\nopen-at d \"data/table\" read\ntrap\n";
    let (code, report) = verdict_of(script, "files.read = [\"/data/**\"]");
    assert_eq!((code, &report["verdict"]), (23, &"INCONCLUSIVE".into()));
    assert!(report["reason"].as_str().unwrap().contains("open-at"), "{}", report["reason"]);
}

#[test]
fn what_is_not_declared_convicts_a_skill_that_fails_too() {
    let script = "d = get-directories\nopen-at d \"tmp/x\" create write\ntrap\n";
    let (code, report) = verdict_of(script, "");
    assert_eq!((code, &report["verdict"]), (21, &"VARIANT".into()), "{}", report["reason"]);
    assert_eq!(report["invariants"]["output-determinism"]["status"], "not-checked");
}

#[test]
fn not_to_know_is_no_pass() {
    let invar = Invar::new();
    let script = invar.write("input.script", "trap\n");
    let words = ["monitor", "skills-examples/puppet/puppet.wasm", "--input", &script, "--fail-on", "VARIANT"];
    invar.run(&words).expect(23);
}

#[test]
fn help_names_every_exit_code() {
    let help = Invar::new().run(&["--help"]).expect(0).stdout;
    insta::assert_snapshot!(help);
}

#[test]
fn every_limit_that_is_declared_is_held() {
    let chunk = "x".repeat(1000);
    let file =
        format!("d = get-directories\nf = open-at d \"tmp/f\" create write\nwrite-at f \"{chunk}\" 0\n");
    let network = format!(
        "n = instance-network\ns = create-tcp-socket ipv4\nstart-connect s n 192.0.2.1:25\nc = subscribe-socket s\nblock c\nfinish-connect s\nblocking-write-and-flush out \"{chunk}\"\n"
    );
    let output = format!("s = get-stdout\nblocking-write-and-flush s \"{chunk}\"\n");
    let files = "files.write = [\"/tmp/**\"]\n";
    for (limit, allowed, script) in [
        ("fuel = 1000", "", "get-arguments\n"),
        ("memory = \"1kB\"", "", "get-arguments\n"),
        ("wall_time = \"1us\"", "", "get-arguments\n"),
        ("output = \"10B\"", "", output.as_str()),
        ("host_calls = 3", "", "repeat 10 get-arguments\n"),
        ("file_bytes = \"10B\"", files, file.as_str()),
        ("network_bytes = \"10B\"", "network = [\"tcp://192.0.2.0/24\"]\n", network.as_str()),
    ] {
        let (code, report) = verdict_of(script, &format!("{allowed}limits = {{ {limit} }}"));
        assert_eq!((code, findings(&report)), (21, vec!["envelope major".to_owned()]), "{limit}");
        let what = report["invariants"]["envelope"]["why"].as_str().unwrap();
        assert!(what.contains(limit.split(' ').next().unwrap()), "{limit}: {what}");
        let (code, report) = verdict_of(script, allowed);
        assert_eq!(code, 0, "without {limit}: {report:#}");
    }
}
