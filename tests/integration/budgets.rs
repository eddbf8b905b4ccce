//! What is asked whatever it costs, what a budget ends, and what the report says of it.

use crate::helpers::{Invar, project};

/// The report on a skill of the corpus, as JSON.
fn report(name: &str, more: &[&str]) -> serde_json::Value {
    let skill = format!("skills-examples/corpus/{name}");
    let words = [&["monitor", &skill, "--format", "json", "--keep", "none"], more].concat();
    Invar::new().run(&words).json()
}

#[test]
fn every_class_gets_its_minimum_of_questions_however_small_the_budget_is() {
    for budget in [&["--budget", "0"][..], &["--fuel-budget", "0"], &["--budget", "0", "--fuel-budget", "1"]]
    {
        let report = report("ci-acts", budget);
        assert_eq!(report["verdict"], "ACTIVATION-PATTERN-DETECTED", "{budget:?}: {}", report["reason"]);
        assert_eq!(report["triggers"][0]["source"], "environment variable CI", "{budget:?}");
        let followups = report["followups"].as_u64().unwrap();
        assert!((20..=200).contains(&followups), "{budget:?}: {followups} follow-up runs");
        let tested = report["detection_power"]["conditions_tested"].to_string();
        for kind in ["variables", "input sizes"] {
            assert!(tested.contains(kind), "{budget:?}: no {kind} in {tested}");
        }
        assert_eq!(report["coverage"]["classes_checked"], 8, "{budget:?}: {report}");
    }
}

#[test]
fn a_search_that_its_budget_ended_is_said_in_the_first_screen_and_is_not_inconclusive() {
    for (option, value) in [("--budget", "0"), ("--fuel-budget", "1k")] {
        let words = ["monitor", "@word-count", option, value, "--keep", "none"];
        let output = Invar::new().run(&words).expect(0).stdout;
        let first_screen = output.split(" 1 output determinism").next().unwrap().replace("\n  ", " ");
        assert!(first_screen.contains("CONSISTENT"), "{first_screen}");
        assert!(first_screen.contains(&format!("ran out ({option} raises it)")), "{option}: {first_screen}");
        // The command gives the same report again, which it does not without the option.
        assert!(first_screen.contains(&format!(" {option} ")), "{option}: {first_screen}");
    }
}

#[test]
fn a_command_that_is_printed_gives_the_same_report_with_its_budgets() {
    let invar = Invar::new();
    let words = ["monitor", "@word-count", "--budget", "60", "--fuel-budget", "40M", "--fresh"];
    let output = invar.run(&words).expect(0).stdout;
    let again = output.lines().find(|line| line.trim().starts_with("invar monitor")).unwrap();
    assert!(again.contains(" --budget 60 --fuel-budget 40000000 "), "{again}");
    let settled = |text: &str| {
        let coverage = text.lines().skip_while(|line| !line.contains("Coverage:"));
        coverage.take_while(|line| !line.contains("follow-up runs")).collect::<Vec<_>>().join("\n")
    };
    let same = invar.paste(&format!("{again} --fresh")).expect(0).stdout;
    assert_eq!(settled(&output), settled(&same));
}

#[test]
fn every_form_of_the_report_says_how_much_was_looked_at() {
    for format in ["human", "markdown", "html"] {
        let words = ["monitor", "@word-count", "--format", format, "--keep", "none"];
        let output = Invar::new().run(&words).expect(0).stdout;
        assert!(output.contains("Coverage: 8 of 8 classes"), "{format}: {output}");
    }
    let json =
        Invar::new().run(&["monitor", "@word-count", "--format", "json", "--keep", "none"]).expect(0).json();
    let coverage = &json["coverage"];
    assert_eq!(coverage["classes_checked"], 8);
    let varied = coverage["sources_varied"].as_array().unwrap();
    for source in ["clock", "execution-count", "input", "random"] {
        assert!(varied.contains(&source.into()), "{source} in {coverage}");
    }
    assert_eq!(coverage["search"], "full");
}

#[test]
fn a_search_that_was_not_the_whole_is_said_in_the_first_screen() {
    let all = [("none", "no search for conditions"), ("forward", "its comparisons were not searched")];
    for (search, words) in all {
        let line = ["monitor", "@cached-lookup", "--search", search, "--keep", "none"];
        let output = Invar::new().run(&line).stdout.replace("\n  ", " ");
        let coverage = output.split("Coverage: ").nth(1).unwrap().split(" follow-up runs").next().unwrap();
        assert!(coverage.contains(words), "{search}: {coverage}");
        let json = Invar::new().run(&[&line[..], &["--format", "json"]].concat()).json();
        assert_eq!(json["coverage"]["search"], search);
    }
}

/// Each run of the original, whatever it was made for; runs of instrumented copies are not.
#[test]
fn everything_that_runs_is_on_record_with_the_whole_search_and_with_faults() {
    for (name, code) in [("fault-disk-full-acts", 22), ("counter-from-100", 22), ("env-tier-gold", 22)] {
        let invar = Invar::new();
        let skill = format!("skills-examples/corpus/{name}");
        let words = ["fuzz", &skill, "--faults", "--budget", "3000", "--format", "json", "--keep", "none"];
        let report = invar.run(&words).expect(code).json();
        let copies = report["search"]["runs"].as_u64().unwrap_or(0);
        assert!(copies > 0, "{name}: {}", report["search"]);
        let originals = 20 + report["followups"].as_u64().unwrap() - copies;
        let shown = invar.run(&["ledger", "show", "--last", "100000", "--kind", "run", "--format", "json"]);
        let events: Vec<serde_json::Value> = serde_json::Deserializer::from_str(&shown.expect(0).stdout)
            .into_iter()
            .collect::<Result<_, _>>()
            .unwrap();
        assert_eq!(events.len() as u64, originals, "{name}");
        let numbered = events.iter().filter(|event| event["body"]["number"] != 0).count();
        assert_eq!(numbered, 20, "{name}");
    }
}

#[test]
fn one_function_alone_runs_the_original() {
    let mut callers = Vec::new();
    for entry in std::fs::read_dir(project("runtime/lab/src")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let calls = ["engine.run(", "engine().run(", "run_with("].map(|call| text.matches(call).count());
        let calls = calls.into_iter().sum();
        callers.extend(std::iter::repeat_n(path.file_name().unwrap().to_owned(), calls));
    }
    assert_eq!(callers, ["originals.rs"]);
}
