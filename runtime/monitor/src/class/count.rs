//! Execution count: the hundredth run is like the first.

use super::{View, effects};
use crate::{
    Boundary, Class, Confidence, Deviation, Evidence, Factor, Finding, Lab, Section, Severity, Trigger,
    TriggerKind,
    attribution::Attribution,
    finding::Proof,
    monitor::{Case, Followed},
    text,
};

/// What sets the deviations off: one trigger for each set of things that some deviations hang on.
pub(crate) fn triggers(case: &Case, lab: &dyn Lab, id: &str) -> Vec<Trigger> {
    let mut triggers: Vec<(Vec<Factor>, Trigger)> = Vec::new();
    for group in case.groups.iter().filter(|group| is_grave(group)) {
        for (deviation, attribution) in group.deviations.iter().zip(&group.attributions) {
            let effects = words(deviation);
            match triggers.iter_mut().find(|(factors, _)| *factors == attribution.factors) {
                Some((_, trigger)) => {
                    trigger.effects.extend(effects);
                    let more: Vec<Evidence> = attribution
                        .evidence
                        .iter()
                        .filter(|own| !trigger.evidence.contains(own))
                        .copied()
                        .collect();
                    trigger.evidence.extend(more);
                    trigger.evidence.sort_unstable();
                }
                None => triggers
                    .push((attribution.factors.clone(), trigger(group, attribution, effects, lab, id))),
            }
        }
    }
    triggers.into_iter().map(|(_, trigger)| trigger).collect()
}

/// Whether it is more than the first run being a little different: a cold cache is no trigger.
fn is_grave(group: &Followed) -> bool {
    group.runs.iter().any(|run| *run > crate::series::BASELINE_RUNS)
}

fn trigger(
    group: &Followed,
    attribution: &Attribution,
    effects: Vec<String>,
    lab: &dyn Lab,
    id: &str,
) -> Trigger {
    let pattern = group.pattern();
    let kind = kind(group, attribution);
    let (fired, reference) = (attribution.fired, attribution.reference);
    let mut evidence = attribution.evidence.clone();
    if group.reset_agrees {
        evidence.push(Evidence::Reset);
    }
    evidence.sort_unstable();
    let file = match attribution.factors.as_slice() {
        [Factor::File(path)] => Some(path),
        _ => None,
    };
    let value = file.and_then(|path| lab.content(fired, path));
    let source: Vec<String> = attribution
        .factors
        .iter()
        .map(|factor| match factor {
            Factor::File(path) => format!("file {}", path.escape_debug()),
            Factor::Clock => "clock".into(),
            Factor::Random => "random".into(),
            Factor::Files => "files".into(),
        })
        .collect();
    let condition = match kind {
        TriggerKind::ExecutionCount => pattern.words(&group.runs),
        TriggerKind::Clock => {
            format!("the clock as in {} ({})", text::runs(&group.runs), lab.started(fired))
        }
        TriggerKind::Random => format!("the random seed of {}", text::runs(&group.runs)),
        TriggerKind::File | TriggerKind::Compound if source.is_empty() => text::runs(&group.runs),
        TriggerKind::File | TriggerKind::Compound => {
            format!("{} as before {}", source.join(" and "), text::runs(&group.runs))
        }
    };
    let boundary = match kind {
        TriggerKind::Clock => Boundary {
            from: (fired > 1).then(|| lab.started(fired - 1).to_string()),
            to: Some(lab.started(fired).to_string()),
        },
        _ => Boundary::default(),
    };
    Trigger {
        kind,
        condition,
        first_run: group.runs.first().copied(),
        period: pattern.period(),
        boundary,
        source: source.join(", "),
        value: value.as_deref().map(|value| String::from_utf8_lossy(value).trim_end().to_owned()),
        all: Vec::new(),
        effects,
        confidence: if attribution.is_confirmed() { Confidence::Confirmed } else { Confidence::Suspected },
        evidence,
        reproduce: reproduce(attribution, lab, id),
        proof: (!attribution.factors.is_empty()).then(|| Proof {
            fired,
            reference,
            value_before: file
                .and_then(|path| lab.content(reference, path))
                .map(|value| text::quoted(&value)),
            sufficient: attribution.is_sufficient(),
        }),
    }
}

fn kind(group: &Followed, attribution: &Attribution) -> TriggerKind {
    match attribution.factors.as_slice() {
        // From the initial files it fires at the same run again: it counts.
        [Factor::File(_) | Factor::Files] if group.reset_agrees => TriggerKind::ExecutionCount,
        [Factor::File(_) | Factor::Files] => TriggerKind::File,
        [Factor::Clock] => TriggerKind::Clock,
        [Factor::Random] => TriggerKind::Random,
        [] => TriggerKind::ExecutionCount,
        files if group.reset_agrees && files.iter().all(|own| matches!(own, Factor::File(_))) => {
            TriggerKind::ExecutionCount
        }
        _ => TriggerKind::Compound,
    }
}

/// The command that shows it: the value put into the reference run if that fires, else put back into the run
/// that did.
fn reproduce(attribution: &Attribution, lab: &dyn Lab, id: &str) -> String {
    let (of, from) = match (attribution.factors.is_empty(), attribution.is_sufficient()) {
        (true, _) => return format!("invar replay {id}/{}", attribution.fired),
        (false, true) => (attribution.reference, attribution.fired),
        (false, false) => (attribution.fired, attribution.reference),
    };
    let mut command = format!("invar replay {id}/{of}");
    for factor in &attribution.factors {
        let set = match factor {
            Factor::File(path) if is_plain(path) => file_target(path, lab.content(from, path).as_deref()),
            Factor::Clock => format!("clock={}", lab.started(from)),
            // A seed of the series has no number to name it by, and some paths cannot be written in a target.
            Factor::Random | Factor::Files | Factor::File(_) => {
                return format!("invar diff {id}/{} {id}/{}", attribution.reference, attribution.fired);
            }
        };
        command.push_str(" --set ");
        command.push_str(&text::shell_word(&set));
    }
    command
}

fn file_target(path: &str, content: Option<&[u8]>) -> String {
    match content {
        None => format!("file:{path}!"),
        Some(content) => match std::str::from_utf8(content) {
            Ok(text) if is_plain(text) => format!("file:{path}={text}"),
            _ => {
                let hex: String = content.iter().map(|byte| format!("{byte:02x}")).collect();
                format!("file:{path}=hex:{hex}")
            }
        },
    }
}

/// Text that `--set` reads as itself, in a path and in a value: no control characters, and nothing that it takes for something else.
fn is_plain(text: &str) -> bool {
    !text.chars().any(char::is_control)
        && !text.starts_with('@')
        && !text.starts_with("hex:")
        && !text.contains(['@', '=', '!'])
}

/// What a deviation does, in words.
fn words(deviation: &Deviation) -> Vec<String> {
    match deviation {
        Deviation::New(effects) => {
            effects.iter().filter(|effect| effect.kind.is_lasting()).map(ToString::to_string).collect()
        }
        Deviation::Missing(effects) => effects.iter().map(|effect| format!("no {effect}")).collect(),
        Deviation::Output => vec!["another output".into()],
        Deviation::Ending => vec!["another end".into()],
        Deviation::Fuel => vec!["more fuel".into()],
        Deviation::Memory => vec!["more memory".into()],
    }
}

pub(super) fn section(view: &View<'_>) -> Section {
    let mut findings = Vec::new();
    let mut lines = Vec::new();
    for group in view.case.groups.iter().filter(|group| is_grave(group)) {
        let Some(attribution) = group.attributions.iter().max_by_key(|own| own.evidence.len()) else {
            lines.push(format!(
                "{} deviate; the budget ran out before it was asked why",
                text::runs(&group.runs)
            ));
            continue;
        };
        let (line, finding) = describe(view, group, attribution);
        lines.push(line);
        findings.push(finding);
    }
    let why = match lines.is_empty() {
        true => format!("run {} is like the first three", view.rows.len()),
        false => lines.join("; "),
    };
    Section::of(why, findings)
}

fn describe(view: &View<'_>, group: &Followed, attribution: &Attribution) -> (String, Finding) {
    let mut line = format!("fires at {}", list(&group.runs));
    if let Some(again) = &group.after_reset {
        line.push_str(&match again.as_slice() {
            [] => "; after reset not again".to_owned(),
            again => format!("; after reset at {} again", list(again)),
        });
    }
    match attribution.factors.as_slice() {
        [] => line.push_str("; neither clock, seed nor files make the difference"),
        [one] => line.push_str(&format!("; putting {one} back alone stops it")),
        many if attribution.joint => {
            line.push_str(&format!("; putting {} back together stops it", names(many)))
        }
        many => line.push_str(&format!("; putting any of {} back stops it", names(many))),
    }
    let severity = match view.severity(group, Some(attribution)) {
        // It is as claimed that it hangs on that; what it does is judged where it is done.
        Severity::Info => Severity::Info,
        _ if only_cost(group) => Severity::Minor,
        severity => severity,
    };
    let effects: Vec<String> = group.deviations.iter().flat_map(words).collect();
    let finding = Finding {
        class: Class::ExecutionCount,
        severity,
        runs: group.runs.clone(),
        what: format!("{} differ from the first: {}", text::runs(&group.runs), shown(group, view)),
        expected: "every run like the first three".into(),
        observed: effects.join(", "),
        cause: view.cause(Some(attribution)),
        owasp_ast: "AST01",
    };
    (line, finding)
}

/// Whether all that differs is what it costs: the class of resources judges that.
fn only_cost(group: &Followed) -> bool {
    group.deviations.iter().all(|own| matches!(own, Deviation::Fuel | Deviation::Memory))
}

fn shown(group: &Followed, view: &View<'_>) -> String {
    let rows: Vec<_> = view.rows.iter().filter(|row| group.runs.contains(&row.run)).collect();
    let words: Vec<String> = group
        .deviations
        .iter()
        .map(|deviation| match deviation {
            Deviation::New(set) => effects::list(set, &rows),
            other => words(other).join(", "),
        })
        .collect();
    words.join(", ")
}

fn list(runs: &[u32]) -> String {
    let text = text::runs(runs);
    text.trim_start_matches("runs ").trim_start_matches("run ").to_owned()
}

fn names(factors: &[Factor]) -> String {
    factors.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::file_target;

    #[test]
    fn a_printed_target_is_one_that_set_reads_back() {
        assert_eq!(file_target("/a/index", Some(b"7")), "file:/a/index=7");
        assert_eq!(file_target("/a/index", Some(b"7\n")), "file:/a/index=hex:370a");
        assert_eq!(file_target("/a/index", Some(b"x@3")), "file:/a/index=hex:784033");
        assert_eq!(file_target("/a/index", None), "file:/a/index!");
    }
}
