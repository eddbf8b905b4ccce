//! The forms of the report: that each says the same, keeps to its standard, and lets nothing hostile through.

use std::{collections::BTreeSet, path::Path};

use crate::helpers::{Invar, Output, project};

/// Leaves out what differs from run to run or from build to build.
fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    for (pattern, place) in [
        (r"\d+\.\d s\b", "[time] s"),
        (r#"(time=)"\d+\.\d{3}""#, r#"$1"[time]""#),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ(\W+(timestamp|exitCode|skill|made|tests)|</dd>)", "[time]$1"),
        (r#"("?(?:started_at|startTimeUtc|timestamp)"?(?:: |:|=))"[^"]+""#, r#"$1"[time]""#),
        (r#""((?:real_)?ms)": ?\d+"#, r#""$1":"[time]""#),
        (r#"("config_sha256": ?)"[0-9a-f]{64}""#, r#"$1"[engine]""#),
        (r#"("(?:log_id|head)": ?)"[0-9a-f]{64}""#, r#"$1"[log]""#),
        (r"(engine configuration, SHA-256</dt><dd>)[0-9a-f]{64}", "$1[engine]"),
        (r"\b[0-9a-f]{12}\b", "[id]"),
        (r"sha256-[A-Za-z0-9+/=]{44}", "sha256-[hash]"),
    ] {
        settings.add_filter(pattern, place);
    }
    settings
}

const SLEEPER: &str = "@data-enrichment-service";
const CLEAN: &str = "@sort-lines";

fn monitor(skill: &str, format: &str) -> Output {
    Invar::new().run(&["monitor", skill, "--runs", "20", "--format", format])
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// What a schema has against a document.
fn validate(schema: &str, document: &serde_json::Value) {
    let mut schema = json(&std::fs::read_to_string(project(schema)).unwrap());
    // As published, the pattern of SARIF for languages, which reports do not contain, has a bracket too many.
    for owner in ["run", "toolComponent"] {
        if let Some(language) = schema.pointer_mut(&format!("/definitions/{owner}/properties/language")) {
            language.as_object_mut().unwrap().remove("pattern");
        }
    }
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

/// A report on a test fixture whose calls fail.
fn inconclusive(format: &str) -> Output {
    let invar = Invar::new();
    let script =
        invar.write("fails.script", "d = get-directories\nf = open-at d \"data/table\" read\ntrap\n");
    let skill = "skills-examples/puppet/puppet.wasm";
    invar.run(&["monitor", skill, "--input", &script, "--format", format]).expect(23)
}

/// A skill that has markup wherever others may write: in names, paths, destinations and values.
pub(crate) fn hostile(invar: &Invar, format: &str) -> Output {
    let markup = "</title></details></script><img src=x onerror=alert(1)>|[x](http://e)`@all";
    let script = format!(
        "d = get-directories\nopen-at d \"tmp/{markup}\" create write\nn = instance-network\nresolve-addresses n \"evil.example\"\n"
    );
    let input = invar.write("hostile.script", script);
    let component = std::fs::read(project("skills-examples/puppet/puppet.wasm")).unwrap();
    invar.write("<b>&`skill/puppet.wasm", component);
    let manifest = invar.write(
        "<b>&`skill/skill.toml",
        "[skill]\nname = \"puppet\"\nversion = \"<i>1|`*\"\npublisher = \"<script>alert(1)</script>\u{202e}\"\ncomponent = \"puppet.wasm\"\n\n[envelope]\nfiles.read = [\"/\"]\n",
    );
    let skill = Path::new(&manifest).parent().unwrap().display().to_string();
    invar.run(&["monitor", &skill, "--input", &input, "--runs", "3", "--format", format]).expect(21)
}

#[test]
fn markdown_says_what_the_human_report_says() {
    settings().bind(|| {
        insta::assert_snapshot!("sleeper_markdown", monitor(SLEEPER, "markdown").expect(22).stdout);
        insta::assert_snapshot!("clean_markdown", monitor(CLEAN, "markdown").expect(0).stdout);
    });
}

#[test]
fn json_lines_begin_with_the_report_and_go_on_with_findings_triggers_and_runs() {
    let lines = monitor(SLEEPER, "jsonl").expect(22).stdout;
    let kinds: Vec<String> =
        lines.lines().map(|line| json(line)["type"].as_str().unwrap().to_owned()).collect();
    let mut expected = vec!["report"];
    let findings = kinds.iter().filter(|kind| *kind == "finding").count();
    assert!(findings >= 5, "{kinds:?}");
    expected.extend(vec!["finding"; findings]);
    expected.push("trigger");
    expected.extend(["run"; 20]);
    assert_eq!(kinds, expected);
    settings().bind(|| {
        insta::assert_snapshot!("sleeper_jsonl", lines);
        insta::assert_snapshot!("clean_jsonl", monitor(CLEAN, "jsonl").expect(0).stdout);
    });
}

#[test]
fn sarif_is_valid_and_points_into_the_manifest() {
    let text = monitor(SLEEPER, "sarif").expect(22).stdout;
    let report = json(&text);
    validate("tests/integration/fixtures/sarif-2.1.0.json", &report);
    let manifest =
        std::fs::read_to_string(project("skills-examples/data-enrichment-service/skill.toml")).unwrap();
    let results = report["runs"][0]["results"].as_array().unwrap();
    let undeclared =
        results.iter().find(|result| result["properties"]["expected"].to_string().contains("files.write"));
    let place = &undeclared.unwrap()["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "skills-examples/data-enrichment-service/skill.toml");
    let line = usize::try_from(place["region"]["startLine"].as_u64().unwrap()).unwrap();
    assert!(manifest.lines().nth(line - 1).unwrap().starts_with("files.write"), "{place}");
    settings().bind(|| {
        insta::assert_snapshot!("sleeper_sarif", text);
        insta::assert_snapshot!("clean_sarif", monitor(CLEAN, "sarif").expect(0).stdout);
    });
}

#[test]
fn sarif_of_what_failed_or_is_hostile_is_valid_too() {
    let failed = json(&inconclusive("sarif").stdout);
    validate("tests/integration/fixtures/sarif-2.1.0.json", &failed);
    assert_eq!(failed["runs"][0]["invocations"][0]["executionSuccessful"], false);
    let hostile = json(&hostile(&Invar::new(), "sarif").stdout);
    validate("tests/integration/fixtures/sarif-2.1.0.json", &hostile);
    let uri = hostile["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        .as_str();
    assert!(
        uri.unwrap().starts_with("file:///") && uri.unwrap().ends_with("/%3Cb%3E%26%60skill/skill.toml"),
        "{uri:?}"
    );
}

#[test]
fn sarif_points_at_the_envelope_that_was_given_and_else_at_the_file() {
    let invar = Invar::new();
    let skill = "skills-examples/puppet/puppet.wasm";
    let script = invar.write("read.script", "wall-now\nd = get-directories\nopen-at d \"etc/passwd\" read\n");
    let envelope = invar.write("given.toml", "# mine\n[envelope]\nrandom = true\nfiles.read = [\"/a\"]\n");
    let words = ["monitor", skill, "--input", &script, "--envelope", &envelope, "--format", "sarif"];
    let report = json(&invar.run(&words).expect(22).stdout);
    let mut places: Vec<(String, String, String)> = Vec::new();
    for result in report["runs"][0]["results"].as_array().unwrap() {
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        places.push((
            result["ruleId"].as_str().unwrap().to_owned(),
            uri,
            place["region"]["startLine"].to_string(),
        ));
    }
    let has = |rule: &str, file: &str, line: &str| {
        let place = (rule.to_owned(), file.to_owned(), line.to_owned());
        assert!(places.contains(&place), "{place:?} is not in {places:?}");
    };
    has("envelope", "given.toml", "4");
    // There is no key for a clock: the table is shown.
    has("envelope", "given.toml", "2");
    has("output-determinism", "puppet.wasm", "null");
}

#[test]
fn sarif_knows_a_finding_again_in_a_series_of_another_seed_and_length() {
    let prints = |more: &[&str]| {
        let words = [&["monitor", SLEEPER, "--format", "sarif"], more].concat();
        let report = json(&Invar::new().run(&words).expect(22).stdout);
        let results = report["runs"][0]["results"].as_array().unwrap().clone();
        let print = |result: &serde_json::Value| result["partialFingerprints"]["invarFinding/v1"].to_string();
        results.iter().map(print).collect::<BTreeSet<String>>()
    };
    let (short, long) = (prints(&["--runs", "20"]), prints(&["--runs", "26", "--seed", "12"]));
    assert_eq!(short, long);
    assert!(short.len() >= 5);
}

#[test]
fn junit_has_a_case_for_each_invariant() {
    let text = monitor(SLEEPER, "junit").expect(22).stdout;
    assert_eq!(elements(&text, "testcase"), 8);
    assert_eq!((elements(&text, "failure"), elements(&text, "skipped")), (4, 0));
    settings().bind(|| {
        insta::assert_snapshot!("sleeper_junit", text);
        insta::assert_snapshot!("clean_junit", monitor(CLEAN, "junit").expect(0).stdout);
    });
}

#[test]
fn junit_of_what_cannot_be_judged_is_an_error_and_never_green() {
    let text = inconclusive("junit").stdout;
    assert_eq!((elements(&text, "error"), elements(&text, "skipped")), (1, 7));
    assert_eq!(elements(&hostile(&Invar::new(), "junit").stdout, "testcase"), 8);
}

/// How many elements of that name the document has, which must be well-formed.
fn elements(text: &str, name: &str) -> usize {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut found = 0;
    loop {
        use quick_xml::events::Event;
        match reader.read_event().unwrap() {
            Event::Start(element) | Event::Empty(element) => {
                element.attributes().for_each(|attribute| drop(attribute.unwrap()));
                found += usize::from(element.name().as_ref() == name);
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

#[test]
fn the_page_says_what_the_human_report_says() {
    let page = monitor(SLEEPER, "html").expect(22).stdout;
    let mut settings = settings();
    settings.add_filter(r"(?s)<(style|script)>.*?</", "<$1>[..]</");
    settings.bind(|| insta::assert_snapshot!("sleeper_html", page.replace("><", ">\n<")));
}

#[test]
fn the_page_reaches_nothing_outside() {
    let page = monitor(SLEEPER, "html").expect(22).stdout;
    assert!(page.contains("default-src 'none'; style-src 'sha256-"));
    for word in ["http://", "https://", "src=", "@import", "url(", " style=\"", " onclick"] {
        assert!(!page.contains(word), "{word}");
    }
}

#[test]
fn nothing_hostile_gets_into_the_page_or_the_comment() {
    let invar = Invar::new();
    let page = hostile(&invar, "html").stdout;
    for word in ["<b>", "<i>", "<img", "alert(1)</script>", "\u{202e}"] {
        assert!(!page.contains(word), "{word}: {page}");
    }
    assert_eq!(page.matches("<script>").count(), 1);
    let comment = hostile(&invar, "markdown").stdout;
    let prose: String = comment.split("```").step_by(2).collect();
    for word in ["<b>", "<i>", "<img", "<script>", "[x](http", "\u{202e}"] {
        assert!(!prose.contains(word), "{word}: {comment}");
    }
    assert_eq!(
        comment.matches("<details>").count(),
        comment.matches("</details>").count() - hidden(&comment)
    );
}

/// Ends of details in commands, where they are text.
fn hidden(comment: &str) -> usize {
    comment.split("```").skip(1).step_by(2).map(|code| code.matches("</details>").count()).sum()
}

#[test]
fn json_keeps_to_its_schema() {
    const SCHEMA: &str = "docs/schema/invar-report-1.json";
    for skill in crate::helpers::examples() {
        validate(SCHEMA, &json(&monitor(&format!("@{skill}"), "json").stdout));
    }
    validate(SCHEMA, &json(&inconclusive("json").stdout));
    validate(SCHEMA, &json(&hostile(&Invar::new(), "json").stdout));
}

#[test]
fn the_schema_takes_nothing_that_it_does_not_know() {
    let schema = json(&std::fs::read_to_string(project("docs/schema/invar-report-1.json")).unwrap());
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut report = json(&monitor(CLEAN, "json").stdout);
    assert!(validator.is_valid(&report));
    report["per_run"][0]["surprise"] = 1.into();
    assert!(!validator.is_valid(&report));
}
