//! Sizes from which on the skill does more, or costs more, as triggers.

use crate::{
    Boundary, CallRef, Confidence, Evidence, Severity, Trigger, TriggerKind,
    class::view::View,
    command,
    results::Measurements,
    scale::Rule,
    text,
    tool_calls::{in_calls, of_number},
};

/// Sizes from which on it has new effects, or an unexpected cost.
pub(crate) fn triggers(view: &View<'_>, id: &str) -> Vec<Trigger> {
    view.investigation.performance.series.iter().flat_map(|measured| of_series(view, measured, id)).collect()
}

/// What is scaled, as a condition and a source name it.
fn scaled(measured: &Measurements) -> String {
    match measured.rule.as_ref().and_then(Rule::place) {
        Some(place) => format!("argument {}", place.escape_debug()),
        None => "input".into(),
    }
}

/// The call whose argument is scaled.
fn scaled_call(view: &View<'_>, measured: &Measurements) -> Vec<CallRef> {
    let row = view.rows.first();
    let number = measured.rule.as_ref().and_then(Rule::call);
    row.zip(number).map(|(row, number)| of_number(row, number).calls()).unwrap_or_default()
}

fn of_series(view: &View<'_>, measured: &Measurements, id: &str) -> Vec<Trigger> {
    let mut triggers = done_by_size(measured, id);
    let (noun, calls) = (scaled(measured), scaled_call(view, measured));
    let place = in_calls(&calls);
    let worse = measured.fuel.as_ref().and_then(|fuel| match (fuel.change, fuel.jump) {
        (Some((at, below, above)), _) if above > below => {
            Some((at, format!("fuel in {above} of the input, and in {below} below")))
        }
        (_, Some((at, times))) => {
            Some((at, format!("{} the fuel of a slightly smaller one", text::ratio(times))))
        }
        _ => None,
    });
    triggers.extend(worse.map(|(at, what)| {
        let sizes = measured.points.iter().map(|(size, _)| *size);
        Trigger {
            kind: TriggerKind::Input,
            condition: format!("{noun} of {} or more", text::bytes(at)),
            first_run: None,
            period: None,
            boundary: Boundary {
                from: sizes.filter(|size| *size < at).max().map(|size| size.to_string()),
                to: Some(at.to_string()),
            },
            source: noun.clone(),
            value: None,
            all: Vec::new(),
            effects: vec![what.clone()],
            calls,
            confidence: Confidence::Confirmed,
            evidence: vec![Evidence::Undo, Evidence::Counterfactual, Evidence::Replay],
            reproduce: String::new(),
            runs: Vec::new(),
            severity: Severity::Major,
            proof: None,
            sentence: Some(match measured.function {
                None => format!("From an input of {} on it takes {what}.", text::bytes(at)),
                Some(_) => format!("From {noun} of {} on it takes {what}{place}.", text::bytes(at)),
            }),
        }
    }));
    triggers
}

fn done_by_size(measured: &Measurements, id: &str) -> Vec<Trigger> {
    let noun = scaled(measured);
    let with = match measured.function {
        None => format!("an {noun}"),
        Some(_) => noun.clone(),
    };
    measured
        .thresholds
        .iter()
        .filter(|threshold| threshold.undeclared)
        .map(|threshold| Trigger {
            kind: TriggerKind::Input,
            condition: format!("{noun} of {} or more", text::bytes(threshold.to)),
            first_run: None,
            period: None,
            boundary: Boundary {
                from: threshold.from.map(|size| size.to_string()),
                to: Some(threshold.to.to_string()),
            },
            source: noun.clone(),
            value: None,
            all: Vec::new(),
            effects: threshold.effects.clone(),
            calls: threshold.in_calls.calls(),
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
                "With {with} of {} or more it has effects that it does not have with less: {}{}.",
                text::bytes(threshold.to),
                text::join(&threshold.effects),
                threshold.in_calls.words()
            )),
        })
        .collect()
}
