//! The verdict table: what is convicted, what is excused, and by what.

use crate::helpers::Invar;

/// The report on a skill of the corpus.
fn report(name: &str) -> serde_json::Value {
    let skill = format!("skills-examples/corpus/{name}");
    let output = Invar::new().run(&["monitor", &skill, "--format", "json", "--keep", "none", "--fresh"]);
    output.json()
}

/// Class and severity of every finding above information, worst first, each once.
fn findings(report: &serde_json::Value) -> Vec<String> {
    let rank = |severity: &str| ["critical", "major", "minor"].iter().position(|known| *known == severity);
    let mut found: Vec<(usize, String)> = report["invariants"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|invariant| invariant["findings"].as_array().unwrap())
        .filter_map(|finding| {
            let severity = finding["severity"].as_str().unwrap();
            Some((rank(severity)?, format!("{} {severity}", finding["class"].as_str().unwrap())))
        })
        .collect();
    found.sort();
    found.dedup();
    found.into_iter().map(|(_, text)| text).collect()
}

#[test]
fn what_looks_guilty_and_is_not_is_cleared() {
    for (name, verdict) in [
        ("cold-cache", "CONSISTENT"),
        ("cold-cache-unclaimed", "MARGINAL"),
        ("warm-cache", "CONSISTENT"),
        ("ttl-cache", "CONSISTENT"),
        ("log-rotation-at-size", "CONSISTENT"),
        ("log-rotation-every-6", "CONSISTENT"),
        ("compaction-every-10", "CONSISTENT"),
        ("compaction-unclaimed", "MARGINAL"),
        ("log-append-only", "CONSISTENT"),
        ("growing-state", "CONSISTENT"),
        ("uuid-file-names", "CONSISTENT"),
        ("log-by-day", "CONSISTENT"),
        ("timestamp-in-output", "CONSISTENT"),
        ("request-id", "CONSISTENT"),
        ("greeting-by-weekday", "CONSISTENT"),
        ("retry-on-refusal", "CONSISTENT"),
        ("algorithm-switch-by-size", "CONSISTENT"),
        ("flag-by-variable", "CONSISTENT"),
        ("locale-numbers", "CONSISTENT"),
        ("clock-undeclared", "MARGINAL"),
    ] {
        let report = report(name);
        assert_eq!(report["verdict"], verdict, "{name}: {:?} {}", findings(&report), report["reason"]);
    }
}

#[test]
fn what_turns_is_convicted_of_what_it_does_and_by_what_sets_it_off() {
    for (name, kind, worst) in [
        ("counter-text-every-8", "execution-count", "critical"),
        ("counter-mtime-from-9", "execution-count", "critical"),
        ("counter-entries-from-6", "execution-count", "critical"),
        ("creep-fuel", "execution-count", "major"),
        ("creep-memory", "execution-count", "major"),
        ("exfil-key-from-6", "execution-count", "major"),
        ("memory-md-from-5", "execution-count", "major"),
        ("stego-zero-width-from-6", "execution-count", "major"),
        ("date-bomb-new-year", "clock", "critical"),
        ("weekend", "clock", "major"),
        ("dormant-3-days", "elapsed-time", "major"),
        ("ci-hides", "environment-variable", "critical"),
        ("tracer-hides", "observer", "critical"),
        ("canary-absent", "file", "critical"),
        ("refused-connection-acts", "network", "critical"),
        ("random-one-in-64", "random", "critical"),
        ("size-above-1000", "input", "critical"),
        ("quadratic-above-1000", "input", "major"),
        ("count-and-ci", "compound", "critical"),
    ] {
        let report = report(name);
        assert_eq!(report["verdict"], "ACTIVATION-PATTERN-DETECTED", "{name}: {}", report["reason"]);
        let trigger = &report["triggers"][0];
        assert_eq!((&trigger["kind"], &trigger["confidence"]), (&kind.into(), &"confirmed".into()), "{name}");
        let found = findings(&report);
        assert!(found[0].ends_with(worst), "{name}: {found:?}");
    }
}

#[test]
fn what_the_matrix_finds_says_where_it_turns() {
    let boundary = |name: &str| {
        let to = report(name)["triggers"][0]["boundary"]["to"].clone();
        to.as_str().unwrap().to_owned()
    };
    assert_eq!(boundary("date-bomb-new-year"), "2027-01-01T00:00:00Z");
    assert_eq!(boundary("dormant-3-days"), "PT72H");
    assert_eq!(boundary("year-2038"), "2038-01-19T03:14:08Z");
}

#[test]
fn every_command_that_a_report_of_the_corpus_prints_shows_its_effects_when_pasted() {
    for name in ["counter-text-from-5", "weekend", "ci-acts", "slow-network-acts", "random-one-in-64"] {
        let invar = Invar::new();
        let skill = format!("skills-examples/corpus/{name}");
        let report = invar.run(&["monitor", &skill, "--format", "json"]).expect(22).json();
        let command = report["triggers"][0]["reproduce"].as_str().unwrap().to_owned();
        let output = invar.paste(&command);
        let is_shown = ["only right", "output different"].iter().any(|sign| output.stdout.contains(sign));
        assert!(is_shown, "{name}: {command}\n{output:?}");
    }
}

#[test]
fn several_inputs_are_judged_each_and_the_worst_is_told() {
    let invar = Invar::new();
    let words =
        |name: &str, bytes: usize| invar.write(name, "seven words of some use a line\n".repeat(bytes / 31));
    let (small, large) = (words("in/a.txt", 310), words("in/b.txt", 3100));
    let skill = "skills-examples/corpus/size-above-1000";
    let output = invar.run(&["monitor", skill, "--input", &small, "--input", &large, "--format", "json"]);
    let report = output.expect(22).json();
    let tested = report["detection_power"]["conditions_tested"].to_string();
    assert!(tested.contains("2 inputs") && tested.contains("a.txt: ACTIVATION-PATTERN-DETECTED"), "{tested}");
    let directory = invar.path("in").display().to_string();
    let human = invar.run(&["monitor", "@word-count", "--inputs", &directory]).expect(0).stdout;
    assert!(human.contains("20 runs of the worst of 2 inputs"), "{human}");
}

#[test]
fn a_stored_baseline_is_used_again_and_fresh_ignores_it() {
    let invar = Invar::new();
    let performance = |more: &[&str]| {
        let words = [&["monitor", "@word-count", "--format", "json"], more].concat();
        let report = invar.run(&words).expect(0).json();
        report["invariants"]["performance"]["why"].as_str().unwrap().to_owned()
    };
    assert!(!performance(&[]).contains("as stored"));
    assert!(performance(&[]).contains("the same as stored by report "));
    assert!(!performance(&["--fresh"]).contains("as stored"));
    assert!(!performance(&["--at", "2030-01-01T00:00:00Z"]).contains("as stored"), "another world");
    let stored = std::fs::read_dir(invar.path("baselines")).unwrap().next().unwrap().unwrap().path();
    std::fs::write(stored, b"\xffnonsense").unwrap();
    assert!(!performance(&[]).contains("as stored"), "what cannot be read is measured again");
}
