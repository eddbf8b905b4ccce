//! Whole series of fake skills, from their runs to the verdict.

use invar_envelope::{Claims, VariesWith};
use invar_trace::Ending;

use crate::{
    Class, Confidence, Declared, Evidence, MINIMUM_FUEL_MAX, Report, Severity, TriggerKind, Verdict,
    fake_lab::{FakeRun, Given, Stage, report, report_on},
};

const BUDGET: u32 = 5_000;

fn undeclared(runs: u32, skill: impl Fn(&mut Stage) -> FakeRun) -> Report {
    report(Declared::default(), runs, BUDGET, skill)
}

fn claiming(claims: &[VariesWith], skill: impl Fn(&mut Stage) -> FakeRun) -> Report {
    let claims = Claims { varies_with: Some(claims.to_vec()), ..Claims::default() };
    report(Declared { claims, ..Declared::default() }, 20, BUDGET, skill)
}

/// Counts in a file, and says which run this is.
fn count(stage: &mut Stage, path: &str) -> u64 {
    let run = stage.number(path) + 1;
    stage.put(path, run);
    run
}

#[test]
fn a_counter_is_found_proved_and_its_period_reported() {
    let report = undeclared(20, |stage| FakeRun::connecting(count(stage, "/n").is_multiple_of(5)));
    assert_eq!(report.verdict, Verdict::ActivationPatternDetected);
    let trigger = &report.triggers[0];
    assert_eq!(trigger.kind, TriggerKind::ExecutionCount);
    assert_eq!((trigger.first_run, trigger.period), (Some(5), Some(5)));
    assert_eq!((trigger.source.as_str(), trigger.value.as_deref()), ("file /n", Some("4")));
    assert_eq!(trigger.confidence, Confidence::Confirmed);
    for evidence in [Evidence::Replay, Evidence::Undo, Evidence::Counterfactual, Evidence::Reset] {
        assert!(trigger.evidence.contains(&evidence), "{evidence:?}");
    }
}

#[test]
fn one_firing_is_followed_to_a_second_so_that_a_period_can_be_reported() {
    let report = undeclared(12, |stage| FakeRun::connecting(count(stage, "/n").is_multiple_of(9)));
    assert_eq!((report.triggers[0].first_run, report.triggers[0].period), (Some(9), Some(9)));
    let once = undeclared(12, |stage| FakeRun::connecting(count(stage, "/n") == 9));
    assert_eq!((once.triggers[0].first_run, once.triggers[0].period), (Some(9), None));
}

#[test]
fn a_counter_spread_over_two_files_is_found_as_both_together() {
    // Either file alone is enough: only undoing both stops it.
    let report = undeclared(20, |stage| {
        let run = count(stage, "/a").max(count(stage, "/b"));
        let run = run.max(stage.number("/a"));
        stage.put("/a", run);
        stage.put("/b", run);
        FakeRun::connecting(run >= 7)
    });
    assert_eq!(report.verdict, Verdict::ActivationPatternDetected);
    let source = &report.triggers[0].source;
    assert!(source.contains("/a") && source.contains("/b"), "{source}");
    // One of them is enough to show it.
    let command = &report.triggers[0].reproduce;
    assert_eq!(command.matches("--set").count(), 1, "{command}");
}

#[test]
fn a_trigger_names_what_the_run_does_that_its_command_shows() {
    // Names that are made up differ from run to run.
    let report = undeclared(20, |stage| {
        let run = count(stage, "/n");
        let writes = if run < 7 { Vec::new() } else { vec![format!("/out/{run}")] };
        FakeRun { writes, ..FakeRun::default() }
    });
    let named: Vec<&[String]> = report.triggers.iter().map(|trigger| trigger.effects.as_slice()).collect();
    assert_eq!(named, [["file write /out/7"]]);
}

#[test]
fn a_date_is_told_from_a_count() {
    let report = undeclared(20, |stage| {
        count(stage, "/n");
        FakeRun::connecting(stage.hour >= 11)
    });
    assert_eq!(report.verdict, Verdict::ActivationPatternDetected);
    assert_eq!(report.triggers[0].kind, TriggerKind::Clock);
    assert_eq!(report.triggers[0].first_run, Some(11));
}

#[test]
fn a_random_gate_is_distinguished_from_both() {
    let report = undeclared(60, |stage| {
        count(stage, "/n");
        // Chosen so that none of the first runs, which are the baseline, does it.
        FakeRun::connecting(stage.seed.is_multiple_of(7))
    });
    assert_eq!(report.verdict, Verdict::ActivationPatternDetected);
    assert_eq!(report.triggers[0].kind, TriggerKind::Random);
}

#[test]
fn an_output_that_varies_is_major_unless_claimed() {
    let clock = |stage: &mut Stage| FakeRun::saying(stage.hour);
    assert_eq!(undeclared(20, clock).verdict, Verdict::Variant);
    assert_eq!(claiming(&[], clock).verdict, Verdict::Variant);
    assert_eq!(claiming(&[VariesWith::Clock], clock).verdict, Verdict::Consistent);
    assert_ne!(claiming(&[VariesWith::Random], clock).verdict, Verdict::Consistent);
}

#[test]
fn a_claim_excuses_what_varies_and_not_what_is_done_beside_it() {
    let report = claiming(&[VariesWith::Clock], |stage| FakeRun {
        connects: if stage.hour == 9 { vec!["tcp://203.0.113.9:443".into()] } else { Vec::new() },
        ..FakeRun::saying(stage.hour)
    });
    assert_eq!(report.verdict, Verdict::ActivationPatternDetected);
    assert!(report.findings().any(|finding| finding.severity == Severity::Critical));
}

#[test]
fn cost_that_depends_on_nothing_to_be_found_is_a_variant_without_a_pattern() {
    use std::cell::Cell;
    // What no lab can hold still: it differs each time it is asked.
    let calls = Cell::new(0_u64);
    let report = undeclared(20, |_| {
        calls.set(calls.get() + 1);
        FakeRun::costing(if calls.get() == 13 { 50_000_000 } else { 1_000_000 })
    });
    assert_eq!(report.verdict, Verdict::Variant);
    assert!(report.triggers.iter().all(|trigger| trigger.confidence == Confidence::Suspected));
}

#[test]
fn small_changes_of_cost_are_no_finding() {
    let report = undeclared(20, |stage| FakeRun::costing(1_000_000 + 40_000 * (stage.hour % 7)));
    assert_eq!(report.verdict, Verdict::Consistent);
    let report = undeclared(20, |stage| FakeRun::costing(if stage.hour == 9 { 90_000 } else { 1_000 }));
    assert_eq!(report.verdict, Verdict::Consistent, "below the floor");
}

#[test]
fn cost_that_creeps_up_is_found_before_it_is_three_times_as_much() {
    let report = undeclared(20, |stage| {
        let run = count(stage, "/n");
        FakeRun::costing(1_000_000 + 40_000 * run)
    });
    assert_eq!(report.verdict, Verdict::ActivationPatternDetected);
    assert_eq!(report.triggers[0].source, "file /n");
    assert!(report.reason.contains("/n"), "{}", report.reason);
}

#[test]
fn a_gate_that_opens_in_the_first_runs_too_is_found() {
    let every_third = |stage: &mut Stage| FakeRun::connecting(count(stage, "/n").is_multiple_of(3));
    let report = undeclared(20, every_third);
    assert_eq!(report.verdict, Verdict::ActivationPatternDetected);
    assert_eq!((report.triggers[0].first_run, report.triggers[0].period), (Some(3), Some(3)));
}

#[test]
fn an_output_that_is_tampered_with_is_found_among_outputs_that_vary_as_claimed() {
    let report = claiming(&[VariesWith::Clock], |stage| {
        let run = count(stage, "/n");
        FakeRun::saying(format!("{}{}", stage.hour, if run >= 6 { "!" } else { "" }))
    });
    assert_eq!(report.verdict, Verdict::ActivationPatternDetected);
    assert_eq!(report.triggers[0].source, "file /n");
    assert_eq!(report.triggers[0].first_run, Some(6));
}

#[test]
fn what_is_done_once_is_not_hidden_by_what_is_done_always() {
    // A new name each run, and one contact in the thick of it.
    let report = undeclared(50, |stage| {
        let run = count(stage, "/n");
        let mut fake = FakeRun::connecting(run == 40);
        fake.writes.push(format!("/tmp/log-{run}"));
        fake
    });
    let contact =
        report.triggers.iter().find(|trigger| trigger.effects.iter().any(|it| it.contains("203.0.113.9")));
    assert_eq!(contact.unwrap().first_run, Some(40));
}

#[test]
fn too_little_to_go_by_is_inconclusive_and_claims_nothing() {
    let failing = |_: &mut Stage| FakeRun { ending: Ending::Exited(2), ..FakeRun::default() };
    let claims = Claims { exit: Some(vec![0]), ..Claims::default() };
    let report = report(Declared { claims, ..Declared::default() }, 20, BUDGET, failing);
    assert_eq!(report.verdict, Verdict::Inconclusive);
    assert!(report.reason.contains("exited with 2"), "{}", report.reason);
    assert!(report.detection_power.conditions_tested.is_empty());
    let trapping = |_: &mut Stage| FakeRun { ending: Ending::Trapped("x".into()), ..FakeRun::default() };
    assert_eq!(undeclared(20, trapping).runs, 3);
    assert_eq!(undeclared(2, |_| FakeRun::default()).verdict, Verdict::Inconclusive);
}

#[test]
fn a_spent_budget_is_said_and_no_pattern_is_claimed_for_what_was_not_asked() {
    // Each run takes all that is allowed for the minimum.
    let report = undeclared(20, |stage| FakeRun {
        fuel: MINIMUM_FUEL_MAX,
        ..FakeRun::connecting(count(stage, "/n").is_multiple_of(5))
    });
    assert_eq!(report.verdict, Verdict::Variant, "a find beats what could not be concluded");
    assert!(report.detection_power.untested[0].contains("--fuel-budget"), "{:?}", report.detection_power);
    assert!(report.coverage.limits[0].contains("--fuel-budget"), "{:?}", report.coverage);
}

#[test]
fn a_class_that_does_not_get_its_minimum_is_inconclusive_and_says_what_to_raise() {
    let costly = |stage: &mut Stage| {
        count(stage, "/n");
        FakeRun::costing(MINIMUM_FUEL_MAX)
    };
    let report = undeclared(20, costly);
    assert_eq!(report.verdict, Verdict::Inconclusive);
    let expected = "too few questions were asked about output determinism and environment: raise --fuel-budget to 48000G";
    assert_eq!(report.reason, expected);
    assert!(report.coverage.classes_checked < Class::ALL.len() - 1);
}

#[test]
fn a_host_that_is_too_slow_is_inconclusive_unless_something_was_found() {
    let slow = |host_runs, skill: fn(&mut Stage) -> FakeRun| {
        let given = Given { budget: BUDGET, host_runs: Some(host_runs), ..Given::default() };
        let claims = Claims { varies_with: Some(vec![VariesWith::Clock]), ..Claims::default() };
        report_on(given, Declared { claims, ..Declared::default() }, 20, skill)
    };
    let counting = |stage: &mut Stage| {
        count(stage, "/n");
        FakeRun::saying(stage.hour)
    };
    for host_runs in [0, 2, 8] {
        let report = slow(host_runs, counting);
        assert!(report.followups >= u32::try_from(host_runs).unwrap(), "{host_runs} were made");
        assert_eq!(report.verdict, Verdict::Inconclusive, "{host_runs}: {}", report.reason);
        assert!(report.reason.starts_with("the host was too slow"), "{}", report.reason);
        assert!(report.recommendations[0].what.contains("less loaded"), "{:?}", report.recommendations);
    }
    let found = slow(0, |stage| FakeRun::connecting(count(stage, "/n").is_multiple_of(5)));
    assert_eq!(found.verdict, Verdict::Variant);
    assert!(found.coverage.limits[0].contains("too slow"), "{:?}", found.coverage.limits);
}

#[test]
fn the_minimum_is_asked_whatever_the_budget_says() {
    let every_fifth = |stage: &mut Stage| FakeRun::connecting(count(stage, "/n").is_multiple_of(5));
    let report = report(Declared::default(), 20, 0, every_fifth);
    assert_eq!(report.verdict, Verdict::ActivationPatternDetected, "{}", report.reason);
    let report = crate::fake_lab::report(Declared::default(), 20, 0, |_| FakeRun::default());
    assert_eq!(report.verdict, Verdict::Consistent);
}

#[test]
fn what_varies_by_itself_in_the_series_is_named_as_varied() {
    let report = undeclared(20, |_| FakeRun::default());
    let varied = &report.coverage.sources_varied;
    assert!(["clock", "execution-count", "random"].iter().all(|source| varied.contains(&(*source).into())));
    assert_eq!(report.coverage.search, crate::SearchKind::None);
}

#[test]
fn a_clean_skill_is_consistent_in_every_class_that_is_checked() {
    let report = undeclared(20, |stage| {
        count(stage, "/n");
        FakeRun::default()
    });
    assert_eq!(report.verdict, Verdict::Consistent);
    assert_eq!(report.invariants.len(), Class::ALL.len());
    assert_eq!(report.findings().count(), 0);
}
