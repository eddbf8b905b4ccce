//! Functions of a tool skill, each judged by what it claims, and findings that name the call.

use serde_json::{Value, json};

use crate::helpers::{Invar, project};

/// The skill `text` with another manifest.
fn text_skill(invar: &Invar, change: impl Fn(&str) -> String) -> String {
    let file = |name: &str| project(&format!("skills-examples/tools/text/{name}"));
    let manifest = std::fs::read_to_string(file("skill.toml")).unwrap();
    invar.write("skill/text.wasm", std::fs::read(file("text.wasm")).unwrap());
    invar.write("skill/skill.toml", change(&manifest));
    invar.path("skill").display().to_string()
}

fn findings_of(report: &Value, class: &str) -> Vec<String> {
    let all = report["invariants"][class]["findings"].as_array().unwrap().iter();
    let grave = all.filter(|finding| finding["severity"] != "info");
    grave.map(|finding| finding["what"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn each_function_is_held_to_its_own_complexity() {
    let invar = Invar::new();
    let monitor = |skill: &str| invar.run(&["monitor", skill, "--runs", "6", "--format", "json"]).json();
    let honest = monitor("@tools/text");
    let why = honest["invariants"]["performance"]["why"].as_str().unwrap();
    assert!(why.contains("repetition: fuel n^2, as claimed"), "{why}");
    assert!(
        why.contains("count-words: fuel n, as claimed") || why.contains("n as claimed to within"),
        "{why}"
    );
    // The function that compares all pairs claims no more than to be linear.
    let skill = text_skill(&invar, |manifest| manifest.replace("\"n^2\"", "\"n\""));
    let report = monitor(&skill);
    assert_eq!(report["verdict"], "VARIANT", "{report:#}");
    assert_eq!(
        findings_of(&report, "performance"),
        ["repetition: fuel grows in n^2, not in n as claimed"],
        "{report:#}"
    );
}

#[test]
fn an_output_that_varies_names_its_function_and_is_judged_by_the_claims_of_that() {
    let invar = Invar::new();
    let skill =
        text_skill(&invar, |manifest| manifest.replace("[claims.call.stamp]", "[claims.call.count-words]"));
    let report = invar.run(&["monitor", &skill, "--runs", "6", "--format", "json"]).json();
    assert_eq!(
        findings_of(&report, "output-determinism"),
        ["output of stamp varies with clock, which varies_with does not name: \"clock\""],
        "{report:#}"
    );
}

#[test]
fn a_trigger_names_the_call_that_it_is_in() {
    let invar = Invar::new();
    let plan = r#"[{"call":"find","args":{"customer":"acme"}},{"call":"find","args":{"customer":"initech","limit":5}}]"#;
    let input = invar.write("plan.json", plan);
    let searched = invar.run(&[
        "fuzz",
        "@tools/customer-lookup",
        "--input",
        &input,
        "--runs",
        "4",
        "--budget",
        "3000",
        "--format",
        "json",
    ]);
    let report = searched.json();
    let triggers = report["triggers"].as_array().unwrap();
    let second = triggers.iter().find(|trigger| trigger["source"] == "argument 2.limit");
    let second = second.unwrap_or_else(|| panic!("{triggers:#?}"));
    assert_eq!(second["calls"], json!([{ "number": 2, "function": "find" }]));
    let found = findings_of(&report, "environment");
    assert!(found.iter().any(|what| what.ends_with(", in call 2 (find)")), "{found:#?}");
}

#[test]
fn claims_about_functions_that_are_wrong_are_shown_at_their_place() {
    let invar = Invar::new();
    for (claims, place, says) in [
        (
            "[claims.call.palindrome]\ncomplexity = \"n\"",
            ":23:14",
            "there is no function palindrome; there are count-words",
        ),
        ("[claims.call.stamp]\nexit = [0]", ":24:1", "unknown field `exit`"),
        ("[claims.call.\"stamp\"]\ncomplexity = \"n!\"", ":24:14", "\"n!\" is not a complexity"),
    ] {
        let skill = text_skill(&invar, |manifest| {
            let kept = manifest.split("[claims.call.stamp]").next().unwrap();
            let lab = &manifest[manifest.find("[lab]").unwrap()..];
            format!("{}{lab}{claims}\n", kept)
        });
        for command in ["monitor", "inspect"] {
            let stderr = invar.run(&[command, &skill]).expect(33).stderr;
            assert!(stderr.contains(place) && stderr.contains(says), "{stderr}");
        }
    }
    let stdout = invar.run(&["inspect", "@tools/text"]).expect(0).stdout;
    assert!(stdout.contains("claims complexity n^2, varies_with nothing"), "{stdout}");
    let tools = invar.run(&["inspect", "@tools/text", "--format", "json"]).expect(0).json();
    let stamp = tools["tools"]["functions"].as_array().unwrap().iter().find(|tool| tool["name"] == "stamp");
    assert_eq!(stamp.unwrap()["claims"], json!({ "varies_with": ["clock"], "complexity": "n" }));
}
