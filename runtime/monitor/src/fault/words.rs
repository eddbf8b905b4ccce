//! What turns when something goes wrong, as triggers, findings and sentences.

use super::Turn;
use crate::{Boundary, Class, Confidence, Evidence, Finding, Trigger, command, text};

pub(super) fn trigger(turn: &Turn, id: &str) -> Trigger {
    let Turn { kind, source, of, words, value, substitution, severity, confirmed, .. } = turn.clone();
    let deeds = deeds(turn);
    Trigger {
        kind,
        condition: condition(turn),
        first_run: None,
        period: None,
        boundary: Boundary::default(),
        source,
        value,
        all: Vec::new(),
        confidence: if confirmed { Confidence::Confirmed } else { Confidence::Suspected },
        evidence: match confirmed {
            true => vec![Evidence::Undo, Evidence::Counterfactual, Evidence::Replay],
            false => vec![Evidence::Counterfactual],
        },
        reproduce: command::replay(id, of, &[substitution.text]),
        runs: Vec::new(),
        severity,
        proof: None,
        sentence: Some(format!(
            "Run {of} does more {words}: {}. Without that fault it does not.",
            text::join(&deeds)
        )),
        effects: deeds,
    }
}

pub(super) fn finding(turn: &Turn) -> Finding {
    Finding {
        class: Class::Environment,
        severity: turn.severity,
        runs: vec![turn.of],
        what: line(turn),
        expected: format!("run {} as it was, or less of it", turn.of),
        observed: match turn.undeclared.as_slice() {
            [] => format!("{} about the same make it do so", text::several(turn.hits, "faults")),
            missing => format!("not declared: {}", missing.join(", ")),
        },
        cause: turn.source.clone(),
        owasp_ast: "AST01",
    }
}

/// `when writing /out/report.txt fails with disk full: network connect tcp://203.0.113.9:443`
pub(crate) fn line(turn: &Turn) -> String {
    format!("{}: {}", condition(turn), deeds(turn).join(", "))
}

fn condition(turn: &Turn) -> String {
    match turn.hits - 1 {
        0 => turn.words.clone(),
        more => format!("{}, or {} about the same", turn.words, text::several(more, "other faults")),
    }
}

/// What it does, or, where that is only to look, what it looks at.
fn deeds(turn: &Turn) -> Vec<String> {
    match turn.effects.is_empty() {
        true => turn.undeclared.clone(),
        false => turn.effects.iter().map(ToString::to_string).collect(),
    }
}
