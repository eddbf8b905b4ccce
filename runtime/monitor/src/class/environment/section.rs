//! The section of the environment, and its triggers.

use crate::{
    Class, Finding, Section, Severity, Trigger,
    class::{
        environment::{
            solved,
            words::{finding, line, trigger},
        },
        view::View,
    },
    fault,
    results::{BranchFlip, Forced},
    source::Source,
    text,
};

/// Branch flips and solved conditions, as triggers.
pub(crate) fn triggers(view: &View<'_>, id: &str) -> Vec<Trigger> {
    let tested = &view.investigation.environment;
    let flips = tested.flips.iter().filter(|flip| flip.severity > Severity::Info);
    let solved = tested.solved.iter().filter(|solved| solved.severity > Severity::Info);
    flips
        .map(|flip| trigger(flip, id))
        .chain(solved.map(|solved| solved::trigger(solved, id)))
        .chain(tested.forced.iter().filter(|forced| forced.severity > Severity::Info).map(Forced::trigger))
        .collect()
}

pub(crate) fn section(view: &View<'_>) -> Section {
    let tested = &view.investigation.environment;
    let faults = &view.investigation.faults;
    let nothing_is_found = tested.flips.iter().all(|flip| flip.severity == Severity::Info)
        && tested.solved.iter().all(|solved| solved.severity == Severity::Info)
        && tested.forced.iter().all(|forced| forced.severity == Severity::Info)
        && faults.responses.is_empty();
    let is_unmet = view.investigation.unmet.iter().any(|unmet| unmet.class == Class::Environment);
    if is_unmet && nothing_is_found {
        return Section::not_checked("it did not get its minimum of questions".into());
    }
    if tested.tried.is_empty() && tested.unnoticed.is_empty() {
        return Section::not_checked("the budget ran out before it".into());
    }
    // That it depends on its data files is expected.
    let is_news = |flip: &&BranchFlip| {
        flip.severity > Severity::Info || !matches!(flip.source, Source::File(_) | Source::Preopens)
    };
    let findings: Vec<Finding> = (tested.flips.iter().filter(is_news).map(finding))
        .chain(tested.solved.iter().map(solved::finding))
        .chain(tested.forced.iter().map(Forced::finding))
        .chain(fault::findings(faults))
        .collect();
    let flips = tested.flips.iter().filter(|flip| flip.severity > Severity::Info);
    let solved = tested.solved.iter().filter(|solved| solved.severity > Severity::Info);
    let reported: Vec<String> = (flips.map(line))
        .chain(solved.map(solved::line))
        .chain(tested.forced.iter().filter(|forced| forced.severity > Severity::Info).map(Forced::line))
        .chain(faults.responses.iter().map(fault::line))
        .collect();
    let tried: Vec<String> = tested.tried.iter().map(|(name, number)| text::several(*number, name)).collect();
    let mut why = match (reported.as_slice(), tried.as_slice()) {
        ([], []) => "it reads no environment input".to_owned(),
        ([], _) => match findings.is_empty() {
            true => format!("{}: no effect", tried.join(", ")),
            false => format!("{}: no undeclared effect", tried.join(", ")),
        },
        (reported, _) => reported.join("; "),
    };
    if !tested.untried.is_empty() {
        let mut names = tested.untried.clone();
        names.dedup();
        why.push_str(&format!("; the budget ran out before all {} were tried", names.join(", ")));
    }
    if tested.left_out > 0 {
        why.push_str(&format!("; {} more branch flips, none of them worse", tested.left_out));
    }
    Section::of(why, findings)
}
