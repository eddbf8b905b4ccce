//! Execution count: the hundredth run is like the first.

use crate::{
    BASELINE_RUNS, Boundary, Class, Confidence, Deviation, Evidence, Factor, Finding, Lab, Proof, Section,
    Severity, Trigger, TriggerKind,
    attribution::Attribution,
    calendar,
    class::{view::View, wording},
    command,
    followup::FollowUp,
    text,
    tool_calls::InCalls,
};

/// What sets the deviations off: one trigger for each set of factors that deviations of a group depend on.
/// What only does as it claims is none.
pub(crate) fn triggers(view: &View<'_>, id: &str) -> Vec<Trigger> {
    let mut triggers = Vec::new();
    for group in view.investigation.groups.iter().filter(|group| is_grave(view, group)) {
        let mut by_factors: Vec<(&Attribution, Vec<&Deviation>)> = Vec::new();
        for (deviation, attribution) in group.deviations.iter().zip(&group.attributions) {
            match by_factors.iter_mut().find(|(first, _)| first.factors == attribution.factors) {
                Some((_, deviations)) => deviations.push(deviation),
                None => by_factors.push((attribution, vec![deviation])),
            }
        }
        triggers.extend(by_factors.into_iter().filter_map(|(attribution, deviations)| {
            let severities =
                deviations.iter().map(|deviation| view.severity(group, deviation, Some(attribution)));
            let severity = severities.max().filter(|severity| *severity > Severity::Info)?;
            let effects = wording::effects(&in_run(view, attribution.fired, &deviations));
            let mut calls = InCalls::default();
            deviations.iter().for_each(|deviation| calls.extend(view.in_calls(group, deviation)));
            let calls = calls.calls();
            Some(Trigger { effects, calls, severity, ..trigger(view, group, attribution, id) })
        }));
    }
    triggers
}

/// The deviations as one run shows them: names that are made up differ from run to run, and a command shows one run.
fn in_run(view: &View<'_>, run: u32, deviations: &[&Deviation]) -> Vec<Deviation> {
    let row = view.rows.iter().find(|row| row.run == run);
    let here = |deviation: &Deviation| match (deviation, row) {
        (Deviation::New(effects), Some(row)) => {
            Deviation::New(effects.intersection(&row.run_effects.effects).cloned().collect())
        }
        (Deviation::Missing(effects), Some(row)) => {
            Deviation::Missing(effects.difference(&row.run_effects.effects).cloned().collect())
        }
        (other, _) => other.clone(),
    };
    deviations.iter().map(|deviation| here(deviation)).collect()
}

/// Whether it is more than the first run being a little different: a cold cache is no trigger.
fn is_grave(view: &View<'_>, group: &FollowUp) -> bool {
    group.runs.iter().any(|run| *run > BASELINE_RUNS) || view.adds_violations(group)
}

/// Whether the baseline is without it: what every run does is no pattern, even if each does it differently.
fn is_without(group: &FollowUp) -> bool {
    (1..=BASELINE_RUNS).any(|run| !group.runs.contains(&run))
}

fn trigger(view: &View<'_>, group: &FollowUp, attribution: &Attribution, id: &str) -> Trigger {
    let lab = view.lab;
    let pattern = group.pattern();
    let kind = kind(group, attribution);
    let (fired, reference) = (attribution.fired, attribution.reference);
    let mut evidence = attribution.evidence.clone();
    evidence.extend(group.reset_agrees.then_some(Evidence::Reset));
    evidence.extend(group.threshold.is_some().then_some(Evidence::Bisect));
    evidence.sort_unstable();
    let file = match attribution.factors.as_slice() {
        [Factor::File(path)] => Some(path),
        _ => None,
    };
    let value = file.and_then(|path| lab.content(fired, path));
    let source = source(&attribution.factors);
    let boundary = group.threshold.map(|(from, to)| match kind {
        TriggerKind::ElapsedTime => Boundary::elapsed(lab.started(1), from, to),
        _ => Boundary::clock(from, to),
    });
    let condition = match kind {
        TriggerKind::ExecutionCount => pattern.words(&group.runs),
        TriggerKind::ElapsedTime => match group.threshold {
            Some((_, to)) => {
                format!("{} after the first run", text::span(to.0.saturating_sub(lab.started(1).0)))
            }
            None => "time since an earlier run".into(),
        },
        TriggerKind::Clock => {
            let at = |run: &u32| lab.started(*run);
            let others: Vec<_> =
                view.rows.iter().map(|row| row.run).filter(|run| !group.runs.contains(run)).collect();
            let fired: Vec<_> = group.runs.iter().map(at).collect();
            calendar::in_common(&fired, &others.iter().map(at).collect::<Vec<_>>())
        }
        TriggerKind::Random => {
            format!("the random bytes of {} of {} runs", group.runs.len(), group.total)
        }
        _ if source.is_empty() => text::runs(&group.runs),
        _ => format!("{source} as before {}", text::runs(&group.runs)),
    };
    Trigger {
        kind,
        condition,
        first_run: group.runs.first().copied(),
        period: pattern.period(),
        boundary: boundary.unwrap_or_default(),
        all: match kind {
            TriggerKind::Compound => parts(group, attribution, lab),
            _ => Vec::new(),
        },
        source,
        value: value.as_deref().and_then(shown_value),
        effects: Vec::new(),
        calls: Vec::new(),
        confidence: match attribution.is_confirmed() && is_without(group) {
            true => Confidence::Confirmed,
            false => Confidence::Suspected,
        },
        evidence,
        reproduce: match &attribution.shown_by {
            Some((of, targets)) => command::replay(id, *of, targets),
            None if attribution.factors.is_empty() => format!("invar replay {id}/{fired}"),
            None => format!("invar diff {id}/{reference} {id}/{fired}"),
        },
        runs: group.runs.clone(),
        severity: Severity::Info,
        proof: (!attribution.factors.is_empty()).then(|| Proof {
            fired,
            reference,
            value_before: file
                .and_then(|path| lab.content(reference, path))
                .map(|value| text::quoted(&value)),
            sufficient: attribution.is_sufficient(),
        }),
        sentence: None,
    }
}

/// A short value in full; a long one helps no reader.
fn shown_value(value: &[u8]) -> Option<String> {
    const SHOWN_BYTES_MAX: usize = 256;
    let text = std::str::from_utf8(value).ok().map(|text| text.trim_end().to_owned());
    (value.len() <= SHOWN_BYTES_MAX).then(|| text.unwrap_or_else(|| format!("0x{}", text::hex(value))))
}

/// What the factors are, as claims would name them. Several files of one directory are named by it.
fn source(factors: &[Factor]) -> String {
    let directory = |factor: &Factor| match factor {
        Factor::File(path) => path.rsplit_once('/').map(|(directory, _)| directory.to_owned()),
        _ => None,
    };
    let shared = factors.first().and_then(directory);
    const FEW: usize = 2;
    if let Some(shared) = shared.filter(|shared| {
        factors.len() > FEW && factors.iter().all(|factor| directory(factor).as_ref() == Some(shared))
    }) {
        return format!("file {}/*", shared.escape_debug());
    }
    factors.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn name(factor: &Factor) -> String {
    match factor {
        Factor::File(path) => format!("file {}", path.escape_debug()),
        Factor::Clock => "clock".into(),
        Factor::Random => "random".into(),
        Factor::Files => "files".into(),
    }
}

fn kind(group: &FollowUp, attribution: &Attribution) -> TriggerKind {
    let is_file = |factor: &Factor| matches!(factor, Factor::File(_) | Factor::Files);
    match attribution.factors.as_slice() {
        [] => TriggerKind::ExecutionCount,
        [Factor::Clock] => TriggerKind::Clock,
        [Factor::Random] => TriggerKind::Random,
        // From the initial files it fires at the same run again: it counts.
        files if files.iter().all(is_file) && group.reset_agrees => TriggerKind::ExecutionCount,
        files if files.iter().all(is_file) => TriggerKind::File,
        // At another time it fires as long after the first run, which it must have noted: no date does that.
        [Factor::Clock, files @ ..]
            if group.reset_agrees && group.time_is_enough && files.iter().all(is_file) =>
        {
            TriggerKind::ElapsedTime
        }
        _ => TriggerKind::Compound,
    }
}

/// What a compound is made of, each by itself.
fn parts(group: &FollowUp, attribution: &Attribution, lab: &dyn Lab) -> Vec<Trigger> {
    attribution
        .factors
        .iter()
        .map(|factor| Trigger {
            kind: match factor {
                Factor::Clock => TriggerKind::Clock,
                Factor::Random => TriggerKind::Random,
                Factor::File(_) | Factor::Files => TriggerKind::File,
            },
            condition: format!("{} as in run {}", name(factor), attribution.fired),
            first_run: group.runs.first().copied(),
            period: None,
            boundary: match (factor, group.threshold) {
                (Factor::Clock, Some((from, to))) => Boundary::clock(from, to),
                _ => Boundary::default(),
            },
            source: name(factor),
            value: match factor {
                Factor::File(path) => lab.content(attribution.fired, path).as_deref().and_then(shown_value),
                _ => None,
            },
            all: Vec::new(),
            effects: Vec::new(),
            calls: Vec::new(),
            confidence: Confidence::Suspected,
            evidence: Vec::new(),
            reproduce: String::new(),
            runs: Vec::new(),
            severity: Severity::Info,
            proof: None,
            sentence: None,
        })
        .collect()
}

pub(super) fn section(view: &View<'_>) -> Section {
    let mut findings = Vec::new();
    let mut lines = Vec::new();
    for group in view.investigation.groups.iter().filter(|group| is_grave(view, group)) {
        let Some(attribution) =
            group.attributions.iter().max_by_key(|attribution| attribution.evidence.len())
        else {
            lines.push(format!("{} deviate; that was not followed up", text::runs(&group.runs)));
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

fn describe(view: &View<'_>, group: &FollowUp, attribution: &Attribution) -> (String, Finding) {
    let mut line = format!("fires at {}", list(&group.runs));
    if let Some(again) = &group.after_reset {
        line.push_str(&match again.as_slice() {
            [] => "; not again after reset".to_owned(),
            again => format!("; again at {} after reset", list(again)),
        });
    }
    match attribution.factors.as_slice() {
        [] => line.push_str("; neither clock, seed nor files make the difference"),
        [one] => line.push_str(&format!("; undoing {one} alone stops it")),
        many if attribution.joint => line.push_str(&format!("; undoing {} together stops it", names(many))),
        many => line.push_str(&format!("; undoing any of {} stops it", names(many))),
    }
    let severities = group
        .deviations
        .iter()
        .zip(&group.attributions)
        .map(|(deviation, attribution)| view.severity(group, deviation, Some(attribution)));
    let severity = match severities.max().unwrap_or(Severity::Major) {
        // The dependence is claimed; the effects are judged by their classes.
        Severity::Info => Severity::Info,
        _ if only_cost(group) => Severity::Minor,
        severity => severity,
    };
    let finding = Finding {
        class: Class::ExecutionCount,
        severity,
        runs: group.runs.clone(),
        what: format!("{} differ from the first: {}", text::runs(&group.runs), shown(group, view)),
        expected: "every run like the first three".into(),
        observed: wording::effects(&group.deviations).join(", "),
        cause: view.cause(Some(attribution)),
        owasp_ast: "AST01",
    };
    (line, finding)
}

/// Whether all that differs is what it costs: the class of resources judges that.
fn only_cost(group: &FollowUp) -> bool {
    group.deviations.iter().all(|deviation| matches!(deviation, Deviation::Cost(_) | Deviation::Growth(_)))
}

fn shown(group: &FollowUp, view: &View<'_>) -> String {
    let rows: Vec<_> = view.rows.iter().filter(|row| group.runs.contains(&row.run)).collect();
    let words: Vec<String> = group
        .deviations
        .iter()
        .map(|deviation| match deviation {
            Deviation::New(set) => (deviation, wording::list(set, &rows)),
            other => (deviation, wording::words(other).join(", ")),
        })
        .map(|(deviation, words)| format!("{words}{}", view.in_calls(group, deviation).words()))
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
