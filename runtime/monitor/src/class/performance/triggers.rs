//! Sizes from which on the skill does more, or costs more, as triggers.

use crate::{
    Boundary, Confidence, Evidence, Severity, Trigger, TriggerKind, class::view::View, command, text,
};

/// Sizes from which on it has new effects, or an unexpected cost.
pub(crate) fn triggers(view: &View<'_>, id: &str) -> Vec<Trigger> {
    let mut triggers = done_by_size(view, id);
    let worse =
        view.investigation.performance.fuel.as_ref().and_then(|fuel| match (fuel.change, fuel.jump) {
            (Some((at, below, above)), _) if above > below => {
                Some((at, format!("fuel in {above} of the input, and in {below} below")))
            }
            (_, Some((at, times))) => {
                Some((at, format!("{} the fuel of a slightly smaller one", text::ratio(times))))
            }
            _ => None,
        });
    triggers.extend(worse.map(|(at, what)| {
        let sizes = view.investigation.performance.points.iter().map(|(size, _)| *size);
        Trigger {
            kind: TriggerKind::Input,
            condition: format!("input of {} or more", text::bytes(at)),
            first_run: None,
            period: None,
            boundary: Boundary {
                from: sizes.filter(|size| *size < at).max().map(|size| size.to_string()),
                to: Some(at.to_string()),
            },
            source: "input".into(),
            value: None,
            all: Vec::new(),
            effects: vec![what.clone()],
            confidence: Confidence::Confirmed,
            evidence: vec![Evidence::Undo, Evidence::Counterfactual, Evidence::Replay],
            reproduce: String::new(),
            runs: Vec::new(),
            severity: Severity::Major,
            proof: None,
            sentence: Some(format!("From an input of {} on it takes {what}.", text::bytes(at))),
        }
    }));
    triggers
}

fn done_by_size(view: &View<'_>, id: &str) -> Vec<Trigger> {
    view.investigation
        .performance
        .thresholds
        .iter()
        .filter(|threshold| threshold.undeclared)
        .map(|threshold| Trigger {
            kind: TriggerKind::Input,
            condition: format!("input of {} or more", text::bytes(threshold.to)),
            first_run: None,
            period: None,
            boundary: Boundary {
                from: threshold.from.map(|size| size.to_string()),
                to: Some(threshold.to.to_string()),
            },
            source: "input".into(),
            value: None,
            all: Vec::new(),
            effects: threshold.effects.clone(),
            confidence: if threshold.confirmed { Confidence::Confirmed } else { Confidence::Suspected },
            evidence: vec![Evidence::Undo, Evidence::Counterfactual, Evidence::Replay, Evidence::Bisect],
            reproduce: match command::target(&threshold.change) {
                Some(target) => command::replay(id, 1, &[target]),
                None => String::new(),
            },
            runs: Vec::new(),
            severity: Severity::Critical,
            proof: None,
            sentence: Some(format!(
                "With an input of {} or more it has effects that it does not have with less: {}.",
                text::bytes(threshold.to),
                text::join(&threshold.effects)
            )),
        })
        .collect()
}
