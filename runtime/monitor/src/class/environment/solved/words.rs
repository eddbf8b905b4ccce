//! Solved conditions as triggers, findings and sentences.

use std::collections::BTreeSet;

use invar_trace::Effect;
use invar_world::Change;

use crate::{
    Boundary, Class, Confidence, Evidence, Finding, Severity, Trigger, TriggerKind,
    class::environment::words::{all_actions, effects},
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
        effects(&self.deviations)
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
    let seen = format!("Where {}, run {} {}.", clauses.join(" and "), solved.of, text::join(&actions));
    match solved.confirmed {
        true => format!("{seen} Without {part}, it does not."),
        false => format!("{seen} It was seen once and not confirmed."),
    }
}

pub(in crate::class::environment) fn line(solved: &Solved) -> String {
    format!("{}: {}", solved.condition(), solved.effects().join(", "))
}

pub(in crate::class::environment) fn finding(solved: &Solved) -> Finding {
    Finding {
        class: Class::Environment,
        severity: solved.severity,
        runs: vec![solved.of],
        what: format!("where {}", line(solved)),
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
            "a comparison of {} that never flipped guards: {} (forced, feasibility unproven)",
            self.sources(),
            self.effects().join(", ")
        )
    }

    pub(in crate::class::environment) fn trigger(&self) -> Trigger {
        let first = &self.sources[0];
        Trigger {
            kind: kind_of(first),
            condition: format!(
                "the comparison at {} flips; no value of {} that flips it was found",
                self.located.place,
                self.sources()
            ),
            first_run: None,
            period: None,
            boundary: Boundary::default(),
            source: first.to_string(),
            value: None,
            all: Vec::new(),
            effects: self.effects(),
            confidence: Confidence::Forced,
            evidence: Vec::new(),
            // No replay of the original shows it: the comparison flips in the copy alone.
            reproduce: String::new(),
            runs: Vec::new(),
            severity: self.severity,
            proof: None,
            sentence: Some(format!(
                "Forced to flip, the comparison at {} leads to: {}. It depends on {}; no value that flips it is known.",
                self.located.place,
                self.effects().join(", "),
                self.sources()
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
            what: format!("behind a comparison of {}: {}", self.sources(), effects.join(", ")),
            expected: match self.severity {
                Severity::Info => "what the envelope declares, and no more".into(),
                _ => "nothing behind a comparison that the envelope does not declare".into(),
            },
            observed: format!(
                "{}, forced to flip in an instrumented copy; feasibility unproven{}",
                self.located.place,
                match self.is_cut {
                    true =>
                        "; the name is a fragment of the input: with the comparison forced, the program reads past its text",
                    false => "",
                }
            ),
            cause: self.sources(),
            owasp_ast: "AST01",
        }
    }
}
