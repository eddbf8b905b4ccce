//! Worlds made of recorded runs, and what a report says of requests that no world answered.

use serde_json::Value as Json;

use crate::helpers::{Invar, Output, project};

/// Runs that say much of their world: the skill, and the words after it.
const RUNS: &[(&str, &[&str])] = &[
    ("hello", &["--env", "LANG=C", "--env", "QUOTE=a \"b\"\\\n"]),
    ("word-count", &["--at", "2031-02-03T04:05:06.000000007Z", "--seed", "99", "--", "--verbose"]),
    ("clock-stamp", &[]),
    ("cached-lookup", &[]),
    ("data-enrichment-service", &[]),
    ("post-report", &[]),
    ("typed-hello", &[]),
    ("sort-lines", &["--fuel", "100000000"]),
    ("tools/fetch", &[]),
    ("tools/files", &[]),
    ("tools/settings", &[]),
];

/// What is said of a tree whose files were made in another order.
const INODES: &str = "warning: the numbers of files (inodes) are not those of the recorded run";

/// The command that is printed for a world, with the skill put in.
fn command_of(written: &Output, skill: &str) -> String {
    let line = written.stdout.lines().find(|line| line.trim_start().starts_with("invar run SKILL")).unwrap();
    line.replace("SKILL", &format!("skills-examples/{skill}"))
}

/// The events of a trace.
fn events(invar: &Invar, trace: &str) -> Json {
    invar.run(&["trace", trace, "--format", "json"]).expect(0).json()
}

#[test]
fn a_run_in_the_world_of_a_recorded_run_leaves_the_same_trace_byte_for_byte() {
    for (skill, words) in RUNS {
        let invar = Invar::new();
        let [first, second, world] =
            ["first.trace", "second.trace", "w.toml"].map(|name| invar.path(name).display().to_string());
        let at = format!("@{skill}");
        let recorded = invar.run(&[&["run", &at, "--world", "lab", "--record", &first], *words].concat());
        let written = invar.run(&["world", "from", &first, "-o", &world]).expect(0);
        assert_eq!(
            written.stderr.contains("warning"),
            words.contains(&"--fuel"),
            "{skill}: {}",
            written.stderr
        );
        let repeated = invar.paste(&format!("{} --record {second}", command_of(&written, skill)));
        assert_eq!((repeated.code, &repeated.stdout), (recorded.code, &recorded.stdout), "{skill}");
        let read = |path: &str| std::fs::read(path).unwrap();
        assert!(read(&first) == read(&second), "{skill}: {}", std::fs::read_to_string(&world).unwrap());
    }
}

#[test]
fn a_later_run_of_a_series_is_run_1_of_the_world_that_is_made_of_it() {
    let invar = Invar::new();
    let words = ["monitor", "@data-enrichment-service", "--fresh", "--search", "none", "--format", "json"];
    let id = invar.run(&words).expect(22).json()["id"].as_str().unwrap().to_owned();
    let [world, trace] = ["w.toml", "again.trace"].map(|name| invar.path(name).display().to_string());
    let written = invar.run(&["world", "from", &format!("{id}/8"), "-o", &world]).expect(0);
    invar.paste(&format!("{} --record {trace}", command_of(&written, "data-enrichment-service"))).expect(0);
    // Numbers of files are all that differs, in the hashes of what is open. It is said.
    assert_eq!(
        written.stderr.trim(),
        "warning: the numbers of files (inodes) are not those of the recorded run"
    );
    let diff = invar.run(&["diff", &format!("{id}/8"), &trace, "--format", "json"]).expect(0).json();
    assert_eq!(diff["output_same"], true, "{diff}");
    let calls = |trace: &str| -> Vec<Json> {
        let events = events(&invar, trace);
        events.as_array().unwrap().iter().map(|event| event["function"].clone()).collect()
    };
    assert_eq!(calls(&trace), calls(&format!("{id}/8")));
    let text = std::fs::read_to_string(&world).unwrap();
    assert!(text.contains("# match = \"tcp://203.0.113.9:443\"\n# dialogue"), "{text}");
    // It is the world of a series, too: what run 8 did is what run 1 does.
    let words = ["monitor", "@data-enrichment-service", "--world", &world, "--fresh", "--search", "none"];
    let report = invar.run(&[&words[..], &["--runs", "3", "--format", "json"]].concat()).json();
    let effects = report["per_run"][0]["effects"].to_string();
    assert!(effects.contains("tcp://203.0.113.9:443"), "{effects}");
}

#[test]
fn what_was_changed_for_a_run_is_in_its_world() {
    let invar = Invar::new();
    let script = "get-environment\nget-arguments\nmonotonic-now\nwall-now\nget-random-u64\nget-directories\n\
                  n = instance-network\nl = resolve-addresses n gone.example\nresolve-next-address l\n";
    let (script, bytes) = (invar.write("script", script), invar.write("bytes", [0xff_u8, 0]));
    let [first, changed, again, world] =
        ["a.trace", "b.trace", "c.trace", "w.toml"].map(|name| invar.path(name).display().to_string());
    invar.run(&["run", "@puppet/puppet.wasm", "--world", "lab", "--input", &script, "--record", &first]);
    let sets = [
        format!("file:/data/list=@{bytes}"),
        "env:TIER=gold".into(),
        "arg:0=other".into(),
        "arg:2=x".into(),
        "clock=2030-01-01T00:00:00Z".into(),
        "uptime=2160h".into(),
        "random=hex:00ff".into(),
        "speed=0.5".into(),
        "dns:gone.example=nxdomain".into(),
        "dns:db.internal=10.0.0.7".into(),
        "network=slow".into(),
        "resolution=1us".into(),
        "late:1=3s".into(),
        "inodes=5".into(),
        "terminal=yes".into(),
        "sleep=skip".into(),
        "tcp:db.internal:5432=hex:ff00".into(),
        "http:GET https://api.example.com/v1=body:hex:ff00".into(),
        "preopens=/data,/tmp".into(),
    ];
    let sets: Vec<&str> = sets.iter().flat_map(|set| ["--set", set.as_str()]).collect();
    invar.run(&[&["replay", &first, "--record", &changed], &sets[..]].concat()).expect(0);
    let written = invar.run(&["world", "from", &changed, "-o", &world]).expect(0);
    // The file came after the others.
    assert_eq!(written.stderr.trim(), INODES);
    let command = command_of(&written, "puppet/puppet.wasm");
    invar.paste(&format!("{command} --record {again}")).expect(0);
    assert_eq!(events(&invar, &again), events(&invar, &changed));
}

#[test]
fn what_no_world_can_hold_is_named() {
    let invar = Invar::new();
    let [first, changed] = ["a.trace", "b.trace"].map(|name| invar.path(name).display().to_string());
    let input = invar.write("input", "Ada\n");
    invar.run(&["run", "@hello", "--world", "lab", "--input", &input, "--record", &first]).expect(0);
    invar.run(&["replay", &first, "--set", "env:LANG=de@1", "--record", &changed]).expect(0);
    let printed = invar.run(&["world", "from", &changed]).expect(0);
    assert!(printed.stdout.starts_with("# Written by `invar world from "), "{}", printed.stdout);
    for part in ["set during the run: env:LANG=de@1", "the input of the run is in no world"] {
        assert!(printed.stderr.contains(part), "{part}: {}", printed.stderr);
    }
}

#[test]
fn what_a_world_cannot_be_made_of_is_explained_and_nothing_is_overwritten() {
    let invar = Invar::new();
    let trace = invar.path("a.trace").display().to_string();
    invar.run(&["run", "@hello", "--world", "lab", "--record", &trace]).expect(0);
    let mut bytes = std::fs::read(&trace).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let damaged = invar.write("damaged.trace", &bytes);
    let none = invar.write("none.trace", "start = 1\n");
    let world = invar.path("w.toml").display().to_string();
    for bad in [damaged.as_str(), &none, "0123abcd/1", "missing.trace"] {
        let output = invar.run(&["world", "from", bad, "-o", &world]).expect(33);
        assert!(output.stderr.starts_with("error: "), "{}", output.stderr);
        assert!(!invar.path("w.toml").exists(), "{bad}");
    }
    let taken = invar.write("taken.toml", "mine");
    let output = invar.run(&["world", "from", &trace, "-o", &taken]).expect(33);
    assert!(output.stderr.contains("is there already; move it away"), "{}", output.stderr);
    assert_eq!(std::fs::read_to_string(&taken).unwrap(), "mine");
    invar.write("w.files/mine", "mine");
    invar.run(&["world", "from", &trace, "-o", &world]).expect(33);
    let nowhere = invar.path("no/w.toml").display().to_string();
    invar.run(&["world", "from", &trace, "-o", &nowhere]).expect(33);
    assert!(!invar.path("w.toml").exists());
}

/// The first screen of a report: everything before the classes.
fn first_screen(report: &str) -> &str {
    report.split("\n   1 ").next().unwrap_or(report)
}

#[test]
fn a_report_says_which_requests_had_no_answer_and_what_to_give_them() {
    let invar = Invar::new();
    let empty = invar.write("empty.toml", "");
    let monitor = |world: &str, format: &str| {
        let skill = "@corpus/retry-on-busy";
        let words = ["monitor", skill, "--world", world, "--fresh", "--runs", "5", "--budget", "300"];
        invar.run(&[&words[..], &["--format", format]].concat())
    };
    let report = monitor(&empty, "human").stdout;
    let screen = first_screen(&report);
    assert!(screen.contains("No answer in this world: tcp://api.example.com:443. 2 of 7"), "{screen}");
    assert!(screen.contains("effectful call sites were not reached"), "{screen}");
    let json = monitor(&empty, "json").json();
    let no_answer = &json["coverage"]["no_answer"];
    assert_eq!(no_answer["asked"], serde_json::json!(["tcp://api.example.com:443"]));
    for format in ["markdown", "html"] {
        let page = monitor(&empty, format).stdout;
        assert!(page.contains("No answer in this world: tcp://api.example.com:443"), "{format}");
    }
    // The lines work as they are.
    let lines = no_answer["entries"].as_str().unwrap();
    for line in lines.lines() {
        assert!(screen.contains(&format!("    {line}\n")), "{line}: {screen}");
    }
    let filled = invar.write("filled.toml", lines);
    let report = monitor(&filled, "human").stdout;
    assert!(!report.contains("No answer"), "{report}");
    assert_eq!(monitor(&filled, "json").json()["coverage"].get("no_answer"), None);
}

#[test]
fn undeclared_contact_is_a_finding_and_nothing_to_write_an_answer_for() {
    let invar = Invar::new();
    let report = invar.run(&["monitor", "@data-enrichment-service", "--fresh"]).expect(22).stdout;
    assert!(report.contains("tcp://203.0.113.9:443") && !report.contains("No answer"), "{report}");
}

#[test]
fn the_documented_answers_are_a_world() {
    let page = std::fs::read_to_string(project("docs/world.md")).unwrap();
    let start = page.find("# answers.toml").unwrap();
    let block = page[start..].split("```").next().unwrap();
    let invar = Invar::new();
    let world = invar.write("answers.toml", block);
    let answered = invar.run(&["run", "@tools/fetch", "--world", &world]).expect(0).stdout;
    assert!(answered.contains("ready") && answered.contains("200"), "{answered}");
}
