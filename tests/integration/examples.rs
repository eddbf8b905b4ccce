//! The example skills: what they are, what is found in them, and that their runs can be made again.

use invar_world::Digest;

use crate::helpers::{Invar, component, examples, project};

/// What the monitor must say of each.
const VERDICTS: [(&str, i32, &str); 10] = [
    ("cached-lookup", 0, "CONSISTENT"),
    ("clock-stamp", 0, "CONSISTENT"),
    ("data-enrichment-service", 22, "ACTIVATION-PATTERN-DETECTED"),
    ("hello", 0, "CONSISTENT"),
    ("pick-column", 0, "CONSISTENT"),
    ("post-report", 0, "CONSISTENT"),
    ("release-notes", 22, "ACTIVATION-PATTERN-DETECTED"),
    ("sort-lines", 0, "CONSISTENT"),
    ("typed-hello", 0, "CONSISTENT"),
    ("word-count", 0, "CONSISTENT"),
];

#[test]
fn every_example_has_its_verdict() {
    let named: Vec<&str> = VERDICTS.iter().map(|(name, ..)| *name).collect();
    assert_eq!(examples(), named);
    let invar = Invar::new();
    for (name, code, verdict) in VERDICTS {
        let skill = format!("@{name}");
        let report = invar.run(&["monitor", &skill, "--format", "json"]).expect(code).json();
        assert_eq!(report["verdict"], verdict, "{name}");
    }
}

#[test]
fn every_run_of_every_example_replays_bit_for_bit() {
    let invar = Invar::new();
    for (name, code, _) in VERDICTS {
        let skill = format!("@{name}");
        let words = ["monitor", &skill, "--runs", "10", "--keep", "all", "--format", "json"];
        let id = invar.run(&words).expect(code).json()["id"].as_str().unwrap().to_owned();
        for run in 1..=10 {
            let trace = format!("{id}/{run}");
            // From the lab as it answered, and from the answers alone.
            for words in [&["replay", &trace, "--check"][..], &["replay", &trace, "--check", "--recorded"]] {
                let output = invar.run(words).expect(0);
                assert!(output.stdout.starts_with("exact: "), "{name}: {output:?}");
            }
        }
    }
}

#[test]
fn every_example_has_a_readme_of_few_lines_and_a_component_that_is_small() {
    for name in examples() {
        let readme =
            std::fs::read_to_string(project("skills-examples").join(&name).join("README.md")).unwrap();
        assert!(readme.starts_with(&format!("# {name}\n")), "{name}");
        assert!((3..=7).contains(&readme.lines().count()), "{name}");
        assert!(component(&name).len() < 200 * 1024, "{name}");
    }
}

#[test]
fn the_committed_components_are_those_of_the_lock_file() {
    let lock = std::fs::read_to_string(project("skills-examples/skills.lock")).unwrap();
    let (_, digests) = lock.split_once("[sha256]\n").unwrap();
    for line in digests.lines() {
        let (path, digest) = line.split_once(" = ").unwrap();
        let file = std::fs::read(project("skills-examples").join(path.trim_matches('"'))).unwrap();
        assert_eq!(
            Digest::of(&file).to_string(),
            digest.trim_matches('"'),
            "{path}: run `cargo xtask skills`"
        );
    }
    for name in examples() {
        assert!(digests.contains(&format!("\"{name}/")), "{name} is in no lock file");
    }
}

#[test]
fn the_output_of_a_run_goes_through_and_so_does_its_status() {
    let invar = Invar::new();
    let input = invar.write("input.csv", "a,b\nc,d\n");
    let skill = ["run", "@pick-column", "--world", "lab", "--input", &input];
    let run = |arg: &str| invar.run(&[&skill[..], &["--", arg]].concat());
    assert_eq!(run("1").expect(0).stdout, "a\nc\n");
    assert_eq!(run("2").expect(0).stdout, "b\nd\n");
    assert_eq!(run("x").expect(1).stderr, "a column is numbered from 1, not x\n");
}

#[test]
fn a_typed_skill_answers_on_standard_output_and_fails_on_standard_error() {
    let invar = Invar::new();
    let input = invar.write("name", "Grace");
    let output = invar.run(&["run", "@typed-hello", "--world", "lab", "--input", &input]).expect(0);
    assert_eq!(output.stdout, "Hello, Grace!\n");
    let nobody = invar.write("nobody", " ");
    let output = invar.run(&["run", "@typed-hello", "--world", "lab", "--input", &nobody]).expect(1);
    assert!(output.stderr.contains("nobody to greet"), "{output:?}");
}

#[test]
fn inspect_says_what_a_skill_could_do() {
    let invar = Invar::new();
    let sleeper = invar.run(&["inspect", "@data-enrichment-service"]).expect(0).stdout;
    insta::assert_snapshot!(sleeper);
    let json = invar.run(&["inspect", "@word-count", "--format", "json"]).expect(0).json();
    assert_eq!(json["risk"]["tier"], "low");
}

#[test]
fn live_runs_are_refused_for_now_and_say_so() {
    let output = Invar::new().run(&["run", "@word-count"]).expect(126);
    assert!(output.stderr.contains("--world lab"), "{output:?}");
}
