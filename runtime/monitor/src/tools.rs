//! Tool skills: each function is judged by its own claims, and findings name the call.

use invar_envelope::{Document, Manifest};

use crate::{
    Class, Declared, Report, Severity, Status, Verdict,
    fake_lab::{FakeCall, FakeRun, Given, Stage, report_on},
};

fn declared(text: &str) -> Declared {
    let text = format!("[skill]\nname='a'\nversion='1'\ncomponent='a.wasm'\n{text}");
    let manifest = Manifest::parse(Document { name: "skill.toml", text: &text }).unwrap();
    let calls = manifest.call_claims.into_iter().map(|claimed| (claimed.call, claimed.claims)).collect();
    Declared { envelope: Some(manifest.envelope), claims: manifest.claims, calls }
}

fn judge(manifest: &str, input: &str, skill: impl Fn(&mut Stage) -> FakeRun) -> Report {
    let stage = Stage { input: input.into(), ..Stage::default() };
    report_on(Given { budget: 5_000, stage, ..Given::default() }, declared(manifest), 6, skill)
}

/// What is worse than information, in the words of the report.
fn grave(report: &Report) -> Vec<&str> {
    let grave = report.findings().filter(|finding| finding.severity > Severity::Info);
    grave.map(|finding| finding.what.as_str()).collect()
}

#[test]
fn an_output_line_that_varies_is_judged_by_the_claims_of_its_function() {
    let skill = |stage: &mut Stage| {
        FakeRun::calling([FakeCall::of("add", 3, 10), FakeCall::of("now", stage.hour, 10)])
    };
    let envelope = "[envelope]\nclock = ['wall']\n[claims]\nvaries_with = []\n";
    let claimed = judge(&format!("{envelope}[claims.call.now]\nvaries_with = ['clock']\n"), "", skill);
    assert_eq!((claimed.verdict, grave(&claimed)), (Verdict::Consistent, Vec::new()));
    let other = judge(&format!("{envelope}[claims.call.add]\nvaries_with = ['clock']\n"), "", skill);
    assert_eq!(
        grave(&other).first(),
        Some(&"output of now varies with clock, which varies_with does not name: \"clock\"")
    );
    // What all claim does not hold for a function that claims less.
    let less = "[envelope]\nclock = ['wall']\n[claims]\nvaries_with = ['clock']\n[claims.call.now]\nvaries_with = []\n";
    assert!(judge(less, "", skill).verdict > Verdict::Consistent);
}

#[test]
fn a_run_that_deviates_names_the_call() {
    let report = judge("[envelope]\n[claims]\nvaries_with = []\n", "", |stage| {
        let run = stage.number("/n") + 1;
        stage.put("/n", run);
        let turns = run >= 5;
        let found = if turns { "other" } else { "same" };
        let run = FakeRun::calling([
            FakeCall::of("find", "same", 1_000_000),
            FakeCall::of("find", found, if turns { 90_000_000 } else { 1_000_000 }),
            FakeCall::of("add", "same", 1_000_000),
        ]);
        let connects = FakeRun::connecting(turns).connects;
        FakeRun { undeclared: connects.clone(), connects, effects_in: 2, ..run }
    });
    let found = grave(&report);
    for class in [Class::OutputDeterminism, Class::ResourceUsage, Class::SideEffects, Class::Envelope] {
        let mut of_class = report.findings().filter(|finding| finding.class == class);
        assert!(of_class.any(|finding| finding.what.contains(", in call 2 (find)")), "{class:?}: {found:?}");
    }
    let trigger = &report.triggers[0];
    assert_eq!(
        trigger.calls.iter().map(|call| (call.number, call.function.as_str())).collect::<Vec<_>>(),
        [(2, "find")]
    );
}

/// Three calls, the fuel of which goes with the length of their texts.
fn of_sizes(stage: &mut Stage) -> FakeRun {
    let calls: serde_json::Value = serde_json::from_str(&stage.input).unwrap_or_default();
    let size = |index: usize| calls[index]["args"]["text"].as_str().map_or(0, |text| text.len() as u64);
    FakeRun::calling([
        FakeCall::of("count", 1, 5_000 + 40 * size(0)),
        FakeCall::of("pair", 1, 5_000 + size(1) * size(1)),
        FakeCall::of("version", 1, 5_000),
    ])
}

const INPUT: &str = r#"[{"args":{"text":"ab"},"call":"count"},{"args":{"text":"cd"},"call":"pair"},{"args":{},"call":"version"}]"#;

#[test]
fn the_cost_of_each_function_is_measured_and_judged_by_itself() {
    let claims = "[envelope]\n[claims]\nvaries_with = []\ncomplexity = 'n'\n";
    let report = judge(claims, INPUT, of_sizes);
    assert_eq!(grave(&report), ["pair: fuel grows in n^2, not in n as claimed"]);
    let why = &report.invariants[&Class::Performance].why;
    assert!(why.contains("count: fuel n, as claimed over 18 sizes from 32 B to 128 KiB"), "{why}");
    assert!(why.contains("(argument 2.text repeated)"), "{why}");
    assert!(why.contains("not measured: version (no text"), "{why}");
    let untested = &report.detection_power.untested;
    assert!(untested.iter().any(|line| line.starts_with("the cost of version by size")), "{untested:?}");
    let honest = judge(&format!("{claims}[claims.call.pair]\ncomplexity = 'n^2'\n"), INPUT, of_sizes);
    assert_eq!((honest.verdict, grave(&honest)), (Verdict::Consistent, Vec::new()));
    let functions: Vec<_> = honest.scaling.iter().filter_map(|scaling| scaling.function.as_deref()).collect();
    assert_eq!(functions, ["count", "pair"]);
}

#[test]
fn a_function_that_does_more_with_a_large_argument_is_named_with_the_size() {
    let report = judge("[envelope]\n[claims]\nvaries_with = []\n", INPUT, |stage| {
        let connects =
            FakeRun::connecting(stage.input.len() > 10_000 && !stage.input.contains("ababab")).connects;
        FakeRun { undeclared: connects.clone(), connects, effects_in: 2, ..of_sizes(stage) }
    });
    let found = grave(&report);
    assert!(
        found
            .iter()
            .any(|what| what.starts_with("pair: with argument 2.text of ") && what.ends_with(", in pair")),
        "{found:?}"
    );
    assert!(
        report.triggers.iter().any(|trigger| trigger.source == "argument 2.text"),
        "{:?}",
        report.triggers
    );
    assert!(!found.iter().any(|what| what.starts_with("count:")), "{found:?}");
}

#[test]
fn an_argument_that_cannot_be_larger_is_passed_over_for_one_that_can() {
    let plan = r#"[{"args":{"kind":"a-long-name-of-a-case","text":"ab"},"call":"count"}]"#;
    let report = judge("[envelope]\n[claims]\nvaries_with = []\n", plan, |stage| {
        let mut run = FakeRun::calling([FakeCall::of("count", 1, 5_000 + 40 * stage.input.len() as u64)]);
        if !stage.input.contains("\"a-long-name-of-a-case\"") {
            run.calls.clear();
        }
        run
    });
    let why = &report.invariants[&Class::Performance].why;
    assert!(why.contains("(argument 1.text repeated)"), "{why}");
}

#[test]
fn more_functions_than_a_limit_are_named_and_not_measured_and_claims_come_first() {
    const NAMES: [&str; 10] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
    let plan: Vec<String> =
        NAMES.iter().map(|name| format!(r#"{{"args":{{"text":"ab"}},"call":"{name}"}}"#)).collect();
    let claims = "[envelope]\n[claims]\nvaries_with = []\n[claims.call.j]\ncomplexity = '1'\n";
    let report = judge(claims, &format!("[{}]", plan.join(",")), |_| {
        FakeRun::calling(NAMES.map(|name| FakeCall::of(name, 1, 5_000)))
    });
    let section = &report.invariants[&Class::Performance];
    assert_eq!((section.status, report.scaling.len()), (Status::Pass, 8));
    assert!(section.why.contains("j: fuel 1, as claimed"), "{}", section.why);
    assert!(
        section.why.contains("not measured: h and i (eight other functions were measured)"),
        "{}",
        section.why
    );
}
