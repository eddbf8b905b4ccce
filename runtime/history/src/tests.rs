//! Histories of generated logs.

use std::sync::Arc;

use invar_monitor::{Class, Severity, Status, Verdict};
use invar_world::Digest;

use crate::{Execution, History, Log, effect};

const HOUR_NS: u64 = 3_600_000_000_000;

/// An execution, an hour after the one before it.
fn execution(number: u64) -> Execution {
    let zero = "0".repeat(64);
    let line = format!(
        r#"{{"skill":"a","version":"1.0.0","time":"2026-01-15T00:00:00Z","input_sha256":"{zero}","host_sha256":"{zero}","output_sha256":"{zero}","exit":0,"effects":["file write /out/a"],"resources":{{"fuel":1000000}}}}"#
    );
    let mut execution = Execution::parse(line.as_bytes()).unwrap();
    execution.time = execution.time.after(number * HOUR_NS);
    execution
}

fn history(number: u64, change: impl Fn(u64, &mut Execution)) -> History {
    let mut log = Log::default();
    for number in 1..=number {
        let mut execution = execution(number);
        change(number, &mut execution);
        log.push(execution);
    }
    History::of(&log, "id".into(), "0".into())
}

fn does(execution: &mut Execution, effect: &str) {
    let mut activity = (*execution.activity).clone();
    activity.effects.insert(effect::parse(effect).unwrap());
    execution.activity = Arc::new(activity);
}

#[test]
fn what_is_the_same_is_consistent_and_what_a_log_cannot_show_is_not_checked() {
    let history = history(50, |_, _| {});
    let skill = &history.skills[0];
    assert_eq!(skill.verdict, Verdict::Consistent);
    for class in [Class::Environment, Class::Performance, Class::AuditTrail, Class::Envelope] {
        assert_eq!(skill.invariants[&class].status, Status::NotChecked, "{class:?}");
    }
    assert!(skill.invariants[&Class::ResourceUsage].why.contains("needs 100 executions"));
}

#[test]
fn a_contact_every_eighth_time_is_critical_and_its_period_named() {
    let history = history(80, |number, execution| {
        if number % 8 == 0 {
            does(execution, "network connect tcp://203.0.113.9:443");
        }
    });
    let skill = &history.skills[0];
    assert_eq!(skill.verdict, Verdict::Variant);
    assert_eq!(skill.worst().unwrap().severity, Severity::Critical);
    assert_eq!(skill.triggers[0].condition, "every 8th execution");
    assert_eq!(skill.triggers[0].period, Some(8));
    assert!(skill.reason.starts_with("every 8th execution: network connect tcp://"), "{}", skill.reason);
}

#[test]
fn another_output_to_the_same_is_major_and_minor_if_the_answers_are_not_known() {
    let odd = |number: u64, execution: &mut Execution| {
        if number == 7 {
            execution.output = Digest::of(b"other");
        }
    };
    assert_eq!(history(20, odd).verdict, Verdict::Variant);
    let unknown = history(20, |number, execution| {
        odd(number, execution);
        execution.outside = None;
    });
    assert_eq!(unknown.verdict, Verdict::Marginal);
}

#[test]
fn output_that_always_varies_is_no_pattern() {
    let of = |is_known: bool| {
        history(60, |number, execution| {
            execution.output = Digest::of(&number.to_be_bytes());
            execution.outside = execution.outside.filter(|_| is_known);
        })
    };
    assert_eq!(of(false).verdict, Verdict::Consistent);
    let known = of(true);
    assert_eq!(known.verdict, Verdict::Variant);
    assert!(known.skills[0].triggers.is_empty());
}

#[test]
fn three_times_the_fuel_on_the_same_input_is_major() {
    let history = history(20, |number, execution| {
        execution.costs.fuel = Some(if number == 9 { 4_000_000 } else { 1_000_000 })
    });
    assert_eq!(history.verdict, Verdict::Variant);
    assert_eq!(history.skills[0].invariants[&Class::ResourceUsage].findings[0].runs, [9]);
}

#[test]
fn a_new_version_may_change_and_the_same_with_another_component_may_not() {
    let to_new = |version: &'static str| {
        history(40, move |number, execution| {
            execution.component = Some(Digest::of(if number > 20 { b"new" } else { b"old" }));
            if number > 20 {
                execution.version = version.into();
                execution.output = Digest::of(b"other");
                does(execution, "network connect tcp://203.0.113.9:443");
            }
        })
    };
    let honest = to_new("1.2.0");
    assert_eq!(honest.verdict, Verdict::Consistent, "{:#?}", honest.skills[0].invariants);
    let changes: Vec<_> = honest.skills[0].findings().map(|finding| finding.what.as_str()).collect();
    assert_eq!(changes, ["changed with version 1.2.0: effects and output"]);
    let replaced = to_new("1.0.0");
    assert_eq!(replaced.verdict, Verdict::Variant);
    assert!(replaced.skills[0].reason.starts_with("the same version 1.0.0, another component"));
}

#[test]
fn another_name_in_the_same_directory_on_another_input_is_nothing_new() {
    let history = history(20, |number, execution| {
        execution.input = Digest::of(&number.to_be_bytes());
        does(execution, &format!("file write /out/{number}"));
    });
    assert_eq!(history.verdict, Verdict::Consistent, "{:#?}", history.skills[0].invariants);
}

#[test]
fn what_only_comes_at_night_is_suspected_of_the_clock() {
    let history = history(24 * 15, |number, execution| {
        if number % 24 == 3 {
            execution.output = Digest::of(b"night");
        }
    });
    let skill = &history.skills[0];
    assert_eq!(skill.invariants[&Class::Environment].status, Status::Warn);
    assert!(skill.triggers.iter().any(|trigger| trigger.condition == "between 03:00 and 03:59 UTC"));
}

#[test]
fn a_cost_that_stays_up_is_reported_with_its_date() {
    let history = history(400, |number, execution| {
        let noise = number * 7919 % 31;
        execution.costs.fuel = Some((1_000_000 + 1_000 * noise) * if number > 250 { 6 } else { 5 });
    });
    let finding = &history.skills[0].invariants[&Class::ResourceUsage].findings[0];
    assert_eq!(finding.severity, Severity::Minor);
    assert!(finding.runs[0].abs_diff(251) < 10, "{finding:?}");
}

#[test]
fn a_cost_that_follows_the_size_of_the_input_does_not_drift() {
    let history = history(600, |number, execution| {
        // Small inputs first, mixed with large ones; then mostly large ones.
        let size = if number % 7 < number / 100 { 9_000 } else { 300 } + number * 31 % 50;
        execution.input = Digest::of(&number.to_be_bytes());
        execution.input_bytes = Some(size);
        execution.costs.fuel = Some(size * size * (1_000 + number * 7919 % 31) / 1_000);
    });
    assert_eq!(history.verdict, Verdict::Consistent, "{:#?}", history.skills[0].invariants);
}

#[test]
fn executions_out_of_order_are_sorted_and_reported() {
    let mut log = Log::default();
    for number in [3, 1, 2, 4] {
        log.push(execution(number));
    }
    let history = History::of(&log, "id".into(), "0".into());
    assert_eq!(history.notes, ["1 execution out of order in time: sorted"]);
    assert_eq!(history.verdict, Verdict::Consistent);
}

#[test]
fn two_executions_are_too_few() {
    assert_eq!(history(2, |_, _| {}).verdict, Verdict::Inconclusive);
}

#[test]
fn the_worst_skill_comes_first() {
    let history = history(60, |number, execution| {
        execution.skill = ["a", "b", "c"][usize::try_from(number % 3).unwrap()].into();
        if number % 3 == 1 && number > 30 {
            does(execution, "file write /etc/x");
        }
    });
    let names: Vec<&str> = history.skills.iter().map(|skill| skill.name.as_str()).collect();
    assert_eq!(names, ["b", "a", "c"]);
}

/// The digest of a number, as logs write it.
fn digest(number: u64) -> Digest {
    Digest::of(&number.to_le_bytes())
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test that would not end otherwise looks at the clock")]
fn a_version_with_as_many_components_as_executions_is_judged_in_time() {
    const EXECUTIONS: u64 = 40_000;
    let started = std::time::Instant::now();
    let history = history(EXECUTIONS, |number, execution| execution.component = Some(digest(number)));
    let replaced = history.skills[0].findings().find(|finding| finding.what.starts_with("the same version"));
    assert!(replaced.is_some());
    // Each held against each other would be 800 million comparisons: minutes here.
    assert!(started.elapsed() < std::time::Duration::from_secs(60), "{:?}", started.elapsed());
}

#[test]
fn a_log_of_many_names_keeps_the_worst_and_says_how_many_there_were() {
    let history = history(2_400 * 5, |number, execution| {
        execution.skill = format!("skill-{:05}", number % 2_400).into();
        // The last one that is judged, and one in the middle, are bad.
        if [1_200, 2_399].contains(&(number % 2_400)) && number > 9_600 {
            does(execution, "network connect tcp://203.0.113.9:443");
        }
    });
    assert_eq!(history.skills.len(), 1_000);
    assert_eq!((&*history.skills[0].name, &*history.skills[1].name), ("skill-01200", "skill-02399"));
    assert_eq!(history.verdict, history.skills[0].verdict);
    assert!(history.skills[0].worst().is_some() && history.skills[2].worst().is_none());
    assert!(
        history.notes.iter().any(|note| note.starts_with("2,400 skills: the 1,000 worst")),
        "{:?}",
        history.notes
    );
}
