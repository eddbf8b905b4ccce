//! Solved conditions as triggers, findings and sentences.

use std::collections::BTreeSet;

use invar_trace::Effect;
use invar_world::Change;

use crate::{
    Boundary, Class, Confidence, Evidence, Finding, Severity, Trigger, TriggerKind,
    class::{
        environment::words::{all_actions, says},
        wording,
    },
    command,
    results::{Forced, Part, Solved},
    text,
    trigger_kind::kind_of,
};

impl Solved {
    /// All parts in one line.
    pub(crate) fn condition(&self) -> String {
        self.parts.iter().map(|part| part.condition.as_str()).collect::<Vec<_>>().join(" and ")
    }

    fn effects(&self) -> Vec<String> {
        wording::effects(&self.deviations)
    }
}

pub(in crate::class::environment) fn trigger(solved: &Solved, id: &str) -> Trigger {
    let one = |part: &Part| Trigger {
        kind: part.kind,
        condition: part.condition.clone(),
        first_run: part.first_run,
        period: part.period,
        boundary: part.boundary.clone(),
        source: part.source.to_string(),
        value: part.value.clone(),
        all: Vec::new(),
        effects: Vec::new(),
        calls: Vec::new(),
        confidence: match solved.confirmed && solved.specific {
            true => Confidence::Confirmed,
            false => Confidence::Suspected,
        },
        evidence: Vec::new(),
        reproduce: String::new(),
        runs: Vec::new(),
        severity: solved.severity,
        proof: None,
        sentence: None,
    };
    let mut evidence = match solved.confirmed {
        true => vec![Evidence::Undo, Evidence::Counterfactual, Evidence::Replay],
        false => Vec::new(),
    };
    evidence.extend(solved.parts.iter().any(|part| part.bisected).then_some(Evidence::Bisect));
    let changes: Vec<Change> = solved.parts.iter().map(|part| part.change.clone()).collect();
    let with_effects = |trigger: Trigger| Trigger {
        effects: solved.effects(),
        calls: solved.in_calls.calls(),
        evidence: evidence.clone(),
        reproduce: reproduce(id, solved.of, &changes),
        sentence: Some(sentence(solved)),
        ..trigger
    };
    match solved.parts.as_slice() {
        [part] => with_effects(one(part)),
        parts => {
            let all: Vec<Trigger> = parts.iter().map(one).collect();
            let sources: Vec<String> = all.iter().map(|part| part.source.clone()).collect();
            with_effects(Trigger {
                kind: TriggerKind::Compound,
                condition: solved.condition(),
                first_run: None,
                period: None,
                boundary: Boundary::default(),
                source: sources.join(", "),
                value: None,
                all,
                ..one(&parts[0])
            })
        }
    }
}

/// The command that shows it; none if what is changed is too long for one.
fn reproduce(id: &str, of: u32, changes: &[Change]) -> String {
    let targets: Vec<String> = changes.iter().filter_map(command::target).collect();
    match targets.len() == changes.len() {
        true => command::replay(id, of, &targets),
        false => String::new(),
    }
}

/// `Where environment variable PROD is "1", run 1 connects to …. Without it, it does not.`
fn sentence(solved: &Solved) -> String {
    let actions = all_actions(&solved.deviations);
    let part = if solved.parts.len() > 1 { "any one of these" } else { "it" };
    let clause = |part: &Part| match part.first_run {
        Some(_) => format!("the execution count reaches {}", part.condition),
        None => part.condition.clone(),
    };
    let clauses: Vec<String> = solved.parts.iter().map(clause).collect();
    let seen = format!(
        "Where {}, run {} {}{}.",
        clauses.join(" and "),
        solved.of,
        text::join(&actions),
        solved.in_calls.words()
    );
    match solved.confirmed {
        true => format!("{seen} Without {part}, it does not.{}", says(solved.says.as_ref())),
        false => format!("{seen} It was seen once and not confirmed.{}", says(solved.says.as_ref())),
    }
}

pub(in crate::class::environment) fn line(solved: &Solved) -> String {
    format!("{}: {}{}", solved.condition(), solved.effects().join(", "), solved.in_calls.words())
}

pub(in crate::class::environment) fn finding(solved: &Solved) -> Finding {
    Finding {
        class: Class::Environment,
        severity: solved.severity,
        runs: vec![solved.of],
        what: format!(
            "where {}{}",
            line(solved),
            solved.says.as_ref().map_or_else(String::new, |says| format!(", with {says}"))
        ),
        expected: format!("run {} as without it", solved.of),
        observed: match solved.undeclared.as_slice() {
            [] => "solved from its comparisons, and confirmed".into(),
            missing => format!("not declared: {}", missing.join(", ")),
        },
        cause: solved.parts.iter().map(|part| part.source.to_string()).collect::<Vec<_>>().join(", "),
        owasp_ast: "AST01",
    }
}

impl Forced {
    fn effects(&self) -> Vec<String> {
        self.located.effects.iter().map(ToString::to_string).collect()
    }

    fn sources(&self) -> String {
        self.sources
            .iter()
            .map(ToString::to_string)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect::<Vec<_>>()
            .join(", ")
    }

    pub(in crate::class::environment) fn line(&self) -> String {
        format!(
            "a {} of {} that never flipped guards: {} (forced, feasibility unproven)",
            self.located.kind.noun(),
            self.sources(),
            self.effects().join(", ")
        )
    }

    pub(in crate::class::environment) fn trigger(&self) -> Trigger {
        let first = &self.sources[0];
        Trigger {
            kind: kind_of(first),
            condition: format!(
                "the {noun} at {} {flips}; no value of {} {by} was found",
                self.located.place,
                self.sources(),
                noun = self.located.kind.noun(),
                flips = self.located.kind.flips(),
                by = self.located.kind.by(),
            ),
            first_run: None,
            period: None,
            boundary: Boundary::default(),
            source: first.to_string(),
            value: None,
            all: Vec::new(),
            effects: self.effects(),
            calls: Vec::new(),
            confidence: Confidence::Forced,
            evidence: Vec::new(),
            // No replay of the original shows it: the comparison flips in the copy alone.
            reproduce: String::new(),
            runs: Vec::new(),
            severity: self.severity,
            proof: None,
            sentence: Some(format!(
                "Forced to {}, the {} at {} leads to: {}. It depends on {}; no value {} is known.",
                self.located.kind.flip(),
                self.located.kind.noun(),
                self.located.place,
                self.effects().join(", "),
                self.sources(),
                self.located.kind.by(),
            )),
        }
    }

    pub(in crate::class::environment) fn finding(&self) -> Finding {
        let effects: BTreeSet<&Effect> = self.located.effects.iter().collect();
        let effects: Vec<String> = effects.into_iter().map(ToString::to_string).collect();
        Finding {
            class: Class::Environment,
            severity: self.severity,
            runs: vec![self.of],
            what: format!(
                "behind a {} of {}: {}",
                self.located.kind.noun(),
                self.sources(),
                effects.join(", ")
            ),
            expected: match self.severity {
                Severity::Info => "what the envelope declares, and no more".into(),
                _ => format!(
                    "nothing behind a {} that the envelope does not declare",
                    self.located.kind.noun()
                ),
            },
            observed: format!(
                "{}, forced to {} in an instrumented copy; feasibility unproven{}",
                self.located.place,
                self.located.kind.flip(),
                match self.is_cut {
                    true =>
                        "; the name is a fragment of the input: with the comparison forced, the program reads past its text",
                    false if self.located.is_cut =>
                        "; the name is a fragment of one that it uses anyway: the code that makes the name is led astray",
                    false => "",
                }
            ),
            cause: self.sources(),
            owasp_ast: "AST01",
        }
    }
}
