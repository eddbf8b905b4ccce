//! Responses to faults as triggers, findings and sentences.

use crate::{
    Boundary, Class, Confidence, Evidence, Finding, Trigger, command,
    results::{FaultResponse, FaultResults},
    text,
};

/// All responses, as triggers.
pub(crate) fn triggers(tried: &FaultResults, id: &str) -> Vec<Trigger> {
    tried.responses.iter().map(|response| trigger(response, id)).collect()
}

/// All responses, as findings.
pub(crate) fn findings(tried: &FaultResults) -> Vec<Finding> {
    tried.responses.iter().map(finding).collect()
}

fn trigger(response: &FaultResponse, id: &str) -> Trigger {
    let FaultResponse { kind, source, of, words, value, substitution, severity, confirmed, .. } =
        response.clone();
    let actions = actions(response);
    Trigger {
        kind,
        condition: condition(response),
        first_run: None,
        period: None,
        boundary: Boundary::default(),
        source,
        value,
        all: Vec::new(),
        calls: Vec::new(),
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
            "Run {of} does more {words}: {}. Without the fault, it does not.",
            text::join(&actions)
        )),
        effects: actions,
    }
}

fn finding(response: &FaultResponse) -> Finding {
    Finding {
        class: Class::Environment,
        severity: response.severity,
        runs: vec![response.of],
        what: line(response),
        expected: format!("run {} as without the fault, or less of it", response.of),
        observed: match response.undeclared.as_slice() {
            [] => format!("{} on the same subject have this effect", text::several(response.hits, "faults")),
            missing => format!("not declared: {}", missing.join(", ")),
        },
        cause: response.source.clone(),
        owasp_ast: "AST01",
    }
}

/// `when writing /out/report.txt fails with disk full: network connect tcp://203.0.113.9:443`
pub(crate) fn line(response: &FaultResponse) -> String {
    format!("{}: {}", condition(response), actions(response).join(", "))
}

fn condition(response: &FaultResponse) -> String {
    match response.hits - 1 {
        0 => response.words.clone(),
        more => format!("{}, or {} on the same subject", response.words, text::several(more, "other faults")),
    }
}

/// What it does, or the undeclared lines where it only reads.
fn actions(response: &FaultResponse) -> Vec<String> {
    match response.effects.is_empty() {
        true => response.undeclared.clone(),
        false => response.effects.iter().map(ToString::to_string).collect(),
    }
}
