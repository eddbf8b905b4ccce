//! The rules of the verdict, a test for each: what is critical, major, minor and for information.

use invar_envelope::{Document, Manifest, VariesWith};
use invar_trace::{EffectKind, Ending};
use invar_world::Change;

use crate::{
    Confidence, Declared, Report, Severity, Verdict,
    fake_lab::{FakeRun, Given, Stage, report_on},
};

const BUDGET: u32 = 5_000;

fn declared(text: &str) -> Declared {
    let text = format!("[skill]\nname='a'\nversion='1'\ncomponent='a.wasm'\n{text}");
    let manifest = Manifest::parse(Document { name: "skill.toml", text: &text }).unwrap();
    Declared { envelope: Some(manifest.envelope), claims: manifest.claims, ..Declared::default() }
}

fn given(stage: Stage) -> Given {
    Given { budget: BUDGET, stage, ..Given::default() }
}

fn judge(given: Given, envelope: &str, skill: impl Fn(&mut Stage) -> FakeRun) -> Report {
    report_on(given, declared(envelope), 6, skill)
}

fn with_variable(name: &str, value: &str) -> Stage {
    Stage { variables: [(name.into(), value.into())].into(), ..Stage::default() }
}

fn worst(report: &Report) -> Severity {
    report.findings().map(|finding| finding.severity).max().unwrap_or(Severity::Info)
}

fn is_set(stage: &Stage, name: &str) -> bool {
    stage.variables.contains_key(name)
}

fn looking(action: FakeRun) -> FakeRun {
    FakeRun { looks_at_variables: true, ..action }
}

#[test]
fn an_undeclared_contact_is_critical_whatever_sets_it_off_and_a_runtime_variable_too() {
    for name in ["CI", "TZ"] {
        let report = judge(given(Stage::default()), "[envelope]\n", |stage| {
            let action = FakeRun::connecting(is_set(stage, name));
            looking(FakeRun { undeclared: action.connects.clone(), ..action })
        });
        assert_eq!(report.verdict, Verdict::ActivationPatternDetected, "{name}: {}", report.reason);
        assert_eq!(
            (worst(&report), report.triggers[0].confidence),
            (Severity::Critical, Confidence::Confirmed)
        );
    }
}

#[test]
fn an_undeclared_write_in_every_run_is_critical_and_a_variant() {
    let report = judge(given(Stage::default()), "[envelope]\n", |_| FakeRun {
        writes: vec!["/tmp/x".into()],
        lacks: vec![("files.write", "/tmp/x".into())],
        ..FakeRun::default()
    });
    assert_eq!((report.verdict, worst(&report)), (Verdict::Variant, Severity::Critical));
}

fn reading(path: &str, failed: Option<&str>) -> FakeRun {
    FakeRun {
        does: vec![(EffectKind::FileRead, path.into(), failed.map(str::to_owned))],
        lacks: vec![("files.read", path.into())],
        ..FakeRun::default()
    }
}

#[test]
fn an_undeclared_read_is_major_where_the_file_is_there_and_minor_where_it_is_not() {
    let there = judge(given(Stage::default()), "[envelope]\n", |_| reading("/etc/x", None));
    assert_eq!((there.verdict, worst(&there)), (Verdict::Variant, Severity::Major));
    let absent = judge(given(Stage::default()), "[envelope]\n", |stage| {
        reading("/etc/x", (!stage.files.contains_key("/etc/x")).then_some("no-entry"))
    });
    assert_eq!((absent.verdict, worst(&absent)), (Verdict::Marginal, Severity::Minor), "{}", absent.reason);
    assert!(absent.reason.contains("not there"), "{}", absent.reason);
}

#[test]
fn an_undeclared_variable_is_major_where_output_depends_on_it_and_minor_where_only_standard_error_does() {
    let saying = |name: &'static str, is_error: bool| {
        judge(given(with_variable(name, "1")), "[envelope]\n[claims]\nvaries_with = []\n", move |stage| {
            let text = if is_set(stage, name) { "with" } else { "without" };
            looking(match is_error {
                true => FakeRun { errors: text.into(), ..FakeRun::default() },
                false => FakeRun::saying(text),
            })
        })
    };
    assert_eq!(worst(&saying("MODE", false)), Severity::Major);
    assert_eq!(saying("MODE", true).verdict, Verdict::Marginal);
    // What the runtime of a language reads by itself is information, until output depends on it.
    assert_eq!(saying("LUA_PATH", true).verdict, Verdict::Consistent);
    assert_eq!(worst(&saying("LUA_PATH", false)), Severity::Major);
}

#[test]
fn what_every_run_does_in_its_own_way_is_no_pattern_and_the_claim_to_add_is_named() {
    // A temporary file with a random name, renamed into place.
    let report = judge(
        given(Stage::default()),
        "[envelope]\nrandom = true\nfiles.write = [\"/out/**\"]\n[claims]\nvaries_with = []\n",
        |stage| FakeRun {
            writes: vec![format!("/out/.{:x}.tmp", stage.seed)],
            does: vec![(EffectKind::Random, String::new(), None)],
            ..FakeRun::default()
        },
    );
    assert_ne!(report.verdict, Verdict::ActivationPatternDetected, "{}", report.reason);
    let report =
        judge(given(Stage::default()), "[envelope]\nrandom = true\n[claims]\nvaries_with = []\n", |stage| {
            FakeRun::saying(stage.seed)
        });
    assert_eq!(report.verdict, Verdict::Variant);
    assert!(report.reason.contains("varies_with does not name: \"random\""), "{}", report.reason);
}

#[test]
fn what_a_placebo_brings_about_too_is_not_blamed_on_what_was_changed() {
    // A file named by the time, which moves with the size of the variables.
    let job = |claims: &str| {
        let envelope = format!(
            "[envelope]\nclock = [\"wall\"]\nenv = [\"TITLE\"]\nfiles.write = [\"/out/**\"]\n[claims]\n{claims}"
        );
        judge(given(Stage::default()), &envelope, |stage| {
            let size: usize = stage.variables.iter().map(|(name, value)| name.len() + value.len()).sum();
            looking(FakeRun::saying(format!("{} {size}", stage.hour)))
        })
    };
    let report = job("varies_with = [\"clock\", \"env:TITLE\"]\n");
    assert!(
        report.triggers.iter().all(|trigger| trigger.confidence != Confidence::Confirmed),
        "{}",
        report.reason
    );
    assert_ne!(report.verdict, Verdict::ActivationPatternDetected, "{}", report.reason);
}

#[test]
fn a_presence_is_a_pattern_though_any_value_of_it_will_do() {
    let report = judge(given(Stage::default()), "[envelope]\n", |stage| {
        let action = FakeRun::connecting(is_set(stage, "CI"));
        looking(FakeRun { undeclared: action.connects.clone(), ..action })
    });
    assert_eq!(report.triggers[0].source, "environment variable CI");
    assert_eq!(report.triggers[0].confidence, Confidence::Confirmed);
}

/// A tool that writes what argument 2 names if argument 1 says so.
fn output_option(stage: &mut Stage) -> FakeRun {
    match stage.arguments.as_slice() {
        [option, path] if option == "-o" && path.starts_with('/') => FakeRun {
            writes: vec![path.clone()],
            lacks: vec![("files.write", path.clone())],
            ..FakeRun::saying("")
        },
        _ => FakeRun::default(),
    }
}

#[test]
fn an_effect_on_exactly_what_the_caller_named_is_minor() {
    let arg = |index, value: &str| Change::Arg { index, value: value.into() };
    let solves = vec![vec![arg(1, "-o"), arg(2, "/tmp/out")]];
    let report = judge(Given { solves, ..given(Stage::default()) }, "[envelope]\n", output_option);
    assert_eq!((report.verdict, worst(&report)), (Verdict::Marginal, Severity::Minor), "{}", report.reason);
    let arguments = vec!["-o".to_owned(), "/tmp/out".to_owned()];
    let always = judge(given(Stage { arguments, ..Stage::default() }), "[envelope]\n", output_option);
    assert_eq!((always.verdict, worst(&always)), (Verdict::Marginal, Severity::Minor), "{}", always.reason);
}

#[test]
fn words_inside_an_argument_name_nothing() {
    let arguments = vec!["write it to /tmp/out please".to_owned()];
    let report = judge(given(Stage { arguments, ..Stage::default() }), "[envelope]\n", |_| FakeRun {
        writes: vec!["/tmp/out".into()],
        lacks: vec![("files.write", "/tmp/out".into())],
        ..FakeRun::default()
    });
    assert_eq!(worst(&report), Severity::Critical);
}

#[test]
fn a_status_other_than_0_is_an_answer_and_is_said_with_its_complaint() {
    let skill = |_: &mut Stage| FakeRun {
        errors: "\nno match\nmore\n".into(),
        ending: Ending::Exited(10),
        ..FakeRun::default()
    };
    let report = judge(given(Stage::default()), "[envelope]\n", skill);
    assert_eq!(report.verdict, Verdict::Consistent);
    assert!(report.reason.ends_with("every run exits with 10, saying \"no match\""), "{}", report.reason);
    let report = judge(given(Stage::default()), "[envelope]\n[claims]\nexit = [0, 1]\n", skill);
    assert_eq!(report.verdict, Verdict::Inconclusive);
    assert!(report.reason.contains("claims.exit"), "{}", report.reason);
}

#[test]
fn a_stop_with_an_error_where_a_declared_variable_is_taken_away_is_minor_and_without_a_declared_file_info() {
    let skill = |stage: &mut Stage| match stage.variables.get("MODE").is_some_and(|mode| mode == "7") {
        true => looking(FakeRun::default()),
        false => looking(FakeRun { ending: Ending::Exited(1), ..FakeRun::saying("") }),
    };
    let envelope = "[envelope]\nenv = [\"MODE\"]\n[claims]\nvaries_with = []\n";
    let report = judge(given(with_variable("MODE", "7")), envelope, skill);
    assert_eq!((report.verdict, worst(&report)), (Verdict::Marginal, Severity::Minor), "{}", report.reason);
    let claimed = "[envelope]\nenv = [\"MODE\"]\n[claims]\nvaries_with = [\"env:MODE\"]\n";
    assert_eq!(judge(given(with_variable("MODE", "7")), claimed, skill).verdict, Verdict::Consistent);

    let stage = || Stage { files: [("/data/table".into(), "7".into())].into(), ..Stage::default() };
    let skill = |stage: &mut Stage| {
        let read = (EffectKind::FileRead, "/data/table".to_owned(), None);
        match stage.files.get("/data/table").is_some_and(|text| text == "7") {
            true => FakeRun { does: vec![read], ..FakeRun::default() },
            false => FakeRun { ending: Ending::Exited(1), ..FakeRun::saying("") },
        }
    };
    let envelope = "[envelope]\nfiles.read = [\"/data/**\"]\n[claims]\nvaries_with = []\n";
    assert_eq!(judge(given(stage()), envelope, skill).verdict, Verdict::Consistent);
}

#[test]
fn variation_that_claims_name_is_information() {
    let claims = VariesWith::Clock;
    let declared = Declared {
        claims: invar_envelope::Claims { varies_with: Some(vec![claims]), ..Default::default() },
        ..declared("[envelope]\nclock = [\"wall\"]\n")
    };
    let report = report_on(given(Stage::default()), declared, 6, |stage| FakeRun::saying(stage.hour));
    assert_eq!((report.verdict, worst(&report)), (Verdict::Consistent, Severity::Info));
}

#[test]
fn what_is_read_and_not_declared_is_not_said_of_what_is_written_and_declared() {
    let report = judge(given(Stage::default()), "[envelope]\nfiles.write = [\"/out/**\"]\n", |stage| {
        let run = stage.number("/out/n") + 1;
        stage.put("/out/n", run);
        let writes = if run >= 5 { vec!["/out/x".to_owned()] } else { Vec::new() };
        let lacks = if run >= 5 { vec![("files.read", "/out/x".to_owned())] } else { Vec::new() };
        FakeRun { writes, lacks, ..FakeRun::default() }
    });
    assert_ne!(worst(&report), Severity::Critical, "{}", report.reason);
}

#[test]
fn without_an_envelope_a_contact_is_critical_where_the_first_runs_are_without_it() {
    let judge = |first: u64| {
        let declared = Declared { envelope: None, ..declared("[envelope]\n") };
        report_on(given(Stage::default()), declared, 10, move |stage| {
            let run = stage.number("/n") + 1;
            stage.put("/n", run);
            FakeRun::connecting(run >= first)
        })
    };
    let later = judge(6);
    assert_eq!(worst(&later), Severity::Critical, "{}", later.reason);
    assert_eq!(later.verdict, Verdict::ActivationPatternDetected, "{}", later.reason);
    let always = judge(1);
    assert_eq!((always.verdict, worst(&always)), (Verdict::Consistent, Severity::Info), "{}", always.reason);
}

#[test]
fn what_is_asked_for_and_never_used_is_minor_beside_a_way_out_and_data_to_send_and_else_information() {
    let judge = |envelope: &str| judge(given(Stage::default()), envelope, |_| FakeRun::default());
    let dangerous = judge("[envelope]\nnetwork = [\"https://x.example.com\"]\nfiles.read = [\"/data/**\"]\n");
    assert_eq!((dangerous.verdict, worst(&dangerous)), (Verdict::Marginal, Severity::Minor));
    for envelope in ["network = [\"https://x.example.com\"]", "files.read = [\"/data/**\"]\nrandom = true"] {
        let report = judge(&format!("[envelope]\n{envelope}\n"));
        assert_eq!((report.verdict, worst(&report)), (Verdict::Consistent, Severity::Info), "{envelope}");
        assert!(report.findings().any(|finding| finding.what.contains("never used")), "{envelope}");
    }
}

#[test]
fn a_file_that_a_declared_variable_leads_to_is_minor_and_the_line_to_declare_is_recommended() {
    let report = judge(
        given(with_variable("HOME", "/home/ann")),
        "[envelope]\nenv = [\"HOME\"]\nfiles.read = [\"/home/ann/.rc\"]\n[claims]\nvaries_with = [\"env:HOME\"]\n",
        |stage| {
            let home = stage.variables.get("HOME").cloned().unwrap_or_default();
            let path = format!("{home}/.rc");
            let failed = (!stage.files.contains_key(&path)).then(|| "no-entry".to_owned());
            let does = vec![(EffectKind::FileRead, path.clone(), failed)];
            let is_declared = path == "/home/ann/.rc";
            let lacks = if is_declared { Vec::new() } else { vec![("files.read", path)] };
            looking(FakeRun { does, lacks, ..FakeRun::default() })
        },
    );
    assert_eq!((report.verdict, worst(&report)), (Verdict::Marginal, Severity::Minor), "{}", report.reason);
    let recommended: Vec<&str> =
        report.recommendations.iter().map(|recommendation| recommendation.what.as_str()).collect();
    let names = |line: &str| recommended.iter().any(|what| what.contains(line));
    assert!(names("files.read = [\"/") && names("/.rc\"]"), "{recommended:?}");
}

#[test]
fn what_a_claimed_output_hides_is_found_whatever_a_run_costs_and_however_small_the_budget_is() {
    let envelope = "[envelope]\nclock = [\"wall\"]\n[claims]\nvaries_with = [\"clock\"]\n";
    let skill = |fuel: u64| {
        move |stage: &mut Stage| {
            let run = stage.number("/n") + 1;
            stage.put("/n", run);
            let to = if run == 13 { "111" } else { "999" };
            FakeRun { fuel, ..FakeRun::saying(format!("{} pay to {to}", stage.hour)) }
        }
    };
    for (budget, fuel) in [(BUDGET, 11_000), (BUDGET, 690_000_000), (1, 11_000)] {
        let given = Given { budget, ..given(Stage::default()) };
        let report = report_on(given, declared(envelope), 20, skill(fuel));
        let at = format!("budget {budget}, fuel {fuel}: {}", report.reason);
        assert_eq!(report.verdict, Verdict::ActivationPatternDetected, "{at}");
    }
    // Runs that cannot all be compared are no runs that were found to be equal.
    let given = Given { budget: 1, ..given(Stage::default()) };
    let report = report_on(given, declared(envelope), 20, skill(9_000_000_000_000));
    assert_eq!(report.verdict, Verdict::Inconclusive, "{}", report.reason);
    assert!(
        report.coverage.limits.iter().any(|limit| limit.contains("not compared")),
        "{:?}",
        report.coverage
    );
}

#[test]
fn what_is_used_only_when_something_is_changed_is_no_entry_that_is_never_used() {
    let envelope = "[envelope]\nenv = [\"CI\"]\nnetwork = [\"tcp://203.0.113.9:443\"]\n\
                    files.read = [\"/cache/rates\"]\n[claims]\nvaries_with = [\"env:CI\"]\n";
    let report = judge(given(Stage::default()), envelope, |stage| match is_set(stage, "CI") {
        true => looking(FakeRun {
            does: vec![(EffectKind::FileRead, "/cache/rates".into(), None)],
            ..FakeRun::default()
        }),
        false => looking(FakeRun::connecting(true)),
    });
    assert!(!report.findings().any(|finding| finding.what.contains("never used")), "{}", report.reason);
    assert_eq!(report.verdict, Verdict::Consistent, "{}", report.reason);
}

#[test]
fn outputs_that_differ_as_claimed_are_not_recommended_to_be_claimed_again() {
    let report = judge(
        given(Stage::default()),
        "[envelope]\nclock = [\"wall\"]\nrandom = true\n[claims]\nvaries_with = [\"clock\"]\n",
        |stage| FakeRun::saying(format!("{} {}", stage.hour, stage.seed)),
    );
    let recommended: Vec<&str> =
        report.recommendations.iter().map(|recommendation| recommendation.what.as_str()).collect();
    assert!(
        recommended.contains(&"claim it if it is intended: varies_with = [\"random\"]"),
        "{recommended:?}"
    );
}
