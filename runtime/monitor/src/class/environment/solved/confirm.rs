//! Confirms on the original what the instrumented copy did.
//!
//! A set of changes counts if the original does three times the same with it that it does not do without, and stops with
//! each of them undone alone.

use std::collections::BTreeSet;

use invar_trace::{Behaviour, Effect};
use invar_world::{Change, Reply};

use crate::{
    Declared, Deviation, Lab, LabError, Question, Severity, TriggerKind,
    attribution::Attribution,
    class::environment::{
        control::{ControlRun, Hit, undeclared},
        flip::varies_anyway,
        machine,
        severity::severity,
        solved::{count::Counted, named_values, narrow::narrow},
    },
    condition::Condition,
    followup::FollowUp,
    grouping::{Shape, shapes},
    placebo,
    results::{Investigation, Part, Solved},
    source::Source,
    tool_calls::locate_all,
};

/// Confirms a set of changes, and takes it if it counts.
pub(super) fn confirm(
    declared: &Declared,
    changes: Vec<Change>,
    counted: Option<Counted<'_>>,
    control: &ControlRun,
    investigation: &mut Investigation,
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    const TIMES: usize = 3;
    let given = control.given.changed(&changes);
    let declared = declared.given(&given.bindings());
    let declared = declared.as_ref();
    let with = |changes: &[Change]| Question { changes: changes.to_vec(), ..Question::again(control.run) };
    let runs = lab.ask(&vec![with(&changes); TIMES])?;
    let sources: BTreeSet<Source> = changes.iter().filter_map(Source::of).collect();
    let (mut deviations, mut is_jump) = unexplained(control, &runs[0], &changes, investigation);
    if deviations.is_empty() || runs.iter().any(|run| run.head != runs[0].head) {
        return Ok(());
    }
    if named_values::explain(&deviations, &changes) {
        return Ok(());
    }
    let wanted: Vec<Shape> =
        shapes(&deviations, &runs[0].violations).into_iter().map(|(shape, _)| shape).collect();
    let shows = |run: &Behaviour| {
        let found = control.shapes_of(run, &sources);
        wanted.iter().all(|shape| found.contains(shape))
    };
    // One change after the other is undone; those that it does not need stay undone. What they did is no part of it.
    let (mut needed, mut run) = (changes, runs[0].clone());
    let mut at = 0;
    while needed.len() > 1 && at < needed.len() {
        let mut without = needed.clone();
        without.remove(at);
        let tried = lab.ask(&[with(&without)])?.remove(0);
        match shows(&tried) {
            true => {
                (needed, run) = (without, tried);
                (deviations, is_jump) = unexplained(control, &run, &needed, investigation);
            }
            false => at += 1,
        }
    }
    if deviations.is_empty() {
        return Ok(());
    }
    let parts: Vec<(Source, Change)> =
        needed.iter().filter_map(|change| Some((Source::of(change)?, change.clone()))).collect();
    let conditions: Vec<Condition> = parts
        .iter()
        .map(|(source, change)| Condition {
            words: String::new(),
            source: source.clone(),
            change: change.clone(),
        })
        .collect();
    let severities = conditions.iter().map(|condition| {
        let hit = Hit {
            condition,
            changes: &needed,
            behaviour: run.clone(),
            deviations: deviations.clone(),
            shapes: wanted.clone(),
            is_jump,
        };
        severity(declared, control, &hit)
    });
    let mut severity = severities.max().unwrap_or(Severity::Info);
    let in_calls = locate_all(&deviations, (&*run).into(), (&*control.behaviour).into());
    let lasts = |deviation: &Deviation| matches!(deviation, Deviation::New(effects) if effects.iter().any(Effect::is_lasting));
    if severity == Severity::Info && !deviations.iter().any(lasts) {
        match is_counted(declared, &parts, counted, control, &shows, lab) {
            Ok(true) => severity = Severity::Major,
            Ok(false) => return Ok(()),
            Err(error) => return investigation.tolerate(Err(error)),
        }
    }
    let specific = severity < Severity::Major || are_specific(&needed, &with, &shows, lab)?;
    let is_declared = run.violations.keys().all(|missing| control.behaviour.violations.contains_key(missing));
    if !specific
        && is_declared
        && let Some((source, _)) = varies_anyway(&wanted, control, lab)?
    {
        // It varies with that whatever is changed. Claimed, it is as it should be; else the sweep of that source
        // reports it.
        let is_swept = investigation.environment.flips.iter().any(|flip| flip.source == source);
        if declared.is_expected_in(&in_calls.functions(), &source) || is_swept {
            return Ok(());
        }
    }
    let needed_sources: BTreeSet<&Source> = parts.iter().map(|(source, _)| source).collect();
    let is_same = |known: &Solved| {
        let known_sources: BTreeSet<&Source> = known.parts.iter().map(|part| &part.source).collect();
        known.shapes == wanted
            || (known_sources == needed_sources && have_in_common(&known.deviations, &deviations))
    };
    let is_known = investigation.environment.solved.iter().any(is_same)
        || investigation
            .environment
            .flips
            .iter()
            .any(|flip| parts.len() == 1 && flip.source == parts[0].0 && flip.shapes == wanted)
        || says_as_much(&investigation.groups, &needed_sources, &deviations);
    if is_known {
        return Ok(());
    }
    let undeclared = conditions.first().map_or_else(Vec::new, |condition| {
        let hit = Hit {
            condition,
            changes: &needed,
            behaviour: run.clone(),
            deviations: deviations.clone(),
            shapes: Vec::new(),
            is_jump,
        };
        undeclared(control, &hit).iter().map(ToString::to_string).collect()
    });
    let index = investigation.environment.solved.len();
    investigation.environment.solved.push(Solved {
        of: control.run,
        parts: parts.iter().map(|(source, change)| Part::of(source.clone(), change.clone())).collect(),
        deviations,
        shapes: wanted.clone(),
        in_calls,
        severity,
        specific,
        undeclared,
        says: control.says(&run, &needed),
        confirmed: true,
    });
    // What was seen is reported, whether it can be narrowed or not.
    for at in 0..parts.len() {
        let closed = narrow(&parts, at, counted, control, &shows, lab);
        match closed {
            Ok(part) => investigation.environment.solved[index].parts[at] = part,
            Err(error) => {
                investigation.tolerate(Err(error))?;
                break;
            }
        }
    }
    let told = tell_narrowed(&mut investigation.environment.solved[index], &needed, control, &shows, lab);
    investigation.tolerate(told)
}

/// Tells what is done with the values that were narrowed down to: a name that is made of the time is another one then.
fn tell_narrowed(
    solved: &mut Solved,
    found: &[Change],
    control: &ControlRun,
    shows: &dyn Fn(&Behaviour) -> bool,
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    let changes: Vec<Change> = solved.parts.iter().map(|part| part.change.clone()).collect();
    if changes == found {
        return Ok(());
    }
    let question = Question { changes: changes.clone(), ..Question::again(control.run) };
    let run = lab.ask(&[question])?.remove(0);
    let now = deviations(control, &run, &changes);
    if shows(&run) && !now.is_empty() {
        let new =
            run.violations.keys().filter(|missing| !control.behaviour.violations.contains_key(*missing));
        solved.undeclared = new.map(ToString::to_string).collect();
        solved.in_calls = locate_all(&now, (&*run).into(), (&*control.behaviour).into());
        solved.deviations = now;
        solved.says = control.says(&run, &changes);
    }
    Ok(())
}

/// What differs, without what is known to vary with what was changed; and whether the output jumps, or says what reads like
/// directions to an agent: that is not what varies.
fn unexplained(
    control: &ControlRun,
    run: &Behaviour,
    changes: &[Change],
    investigation: &Investigation,
) -> (Vec<Deviation>, bool) {
    let mut deviations = deviations(control, run, changes);
    let sources: Vec<Source> = changes.iter().filter_map(Source::of).collect();
    let is_jump = control.is_jump(&deviations, &sources) || control.directs(run, changes);
    if !is_jump && sources.iter().any(|source| investigation.output.sources.contains(source)) {
        // It is known, and said where outputs are.
        deviations.retain(|deviation| !matches!(deviation, Deviation::Output | Deviation::Errors));
    }
    if sources.iter().any(|source| investigation.output.errors.contains(source)) {
        deviations.retain(|deviation| *deviation != Deviation::Errors);
    }
    (deviations, is_jump)
}

/// Whether each of the changes brings it about, and no placebo in its place does.
fn are_specific(
    changes: &[Change],
    with: &dyn Fn(&[Change]) -> Question,
    shows: &dyn Fn(&Behaviour) -> bool,
    lab: &mut dyn Lab,
) -> Result<bool, LabError> {
    let question = with(changes);
    for change in changes {
        if !placebo::is_specific(change, &question, shows, lab)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether the behaviour depends on an undeclared execution count: a file that the skill wrote holds another number then.
/// Whatever else such a file holds is data.
fn is_counted(
    declared: &Declared,
    parts: &[(Source, Change)],
    counted: Option<Counted<'_>>,
    control: &ControlRun,
    shows: &dyn Fn(&Behaviour) -> bool,
    lab: &mut dyn Lab,
) -> Result<bool, LabError> {
    let [(source @ Source::File(path), _)] = parts else { return Ok(false) };
    if lab.content(1, path).is_some() || declared.is_expected(source) {
        return Ok(false);
    }
    let part = narrow(parts, 0, counted, control, shows, lab)?;
    Ok(part.kind == TriggerKind::ExecutionCount)
}

/// Whether something that lasts is done in both.
fn have_in_common(one: &[Deviation], other: &[Deviation]) -> bool {
    !lasting(one).is_disjoint(&lasting(other))
}

/// Whether runs of the series did all that lasts for the same reason: another number in the same file is no second
/// trigger.
fn says_as_much(groups: &[FollowUp], sources: &BTreeSet<&Source>, deviations: &[Deviation]) -> bool {
    let is_reason = |attribution: &Attribution| {
        attribution.sources().is_some_and(|known| known.iter().collect::<BTreeSet<_>>() == *sources)
    };
    let followed = groups.iter().flat_map(|seen| seen.deviations.iter().zip(&seen.attributions));
    let explained = followed.filter(|(_, attribution)| is_reason(attribution));
    let said: BTreeSet<&Effect> =
        explained.flat_map(|(deviation, _)| lasting(std::slice::from_ref(deviation))).collect();
    let lasts = lasting(deviations);
    !lasts.is_empty() && lasts.is_subset(&said)
}

fn lasting(all: &[Deviation]) -> BTreeSet<&Effect> {
    let new = all.iter().filter_map(|deviation| match deviation {
        Deviation::New(effects) => Some(effects),
        _ => None,
    });
    new.flatten().filter(|effect| effect.is_lasting()).collect()
}

/// What differs, without what any skill does whose input is another.
fn deviations(control: &ControlRun, run: &Behaviour, changes: &[Change]) -> Vec<Deviation> {
    let is_input = |change: &Change| {
        matches!(
            change,
            Change::Stdin(_)
                | Change::Arg { .. }
                | Change::Field { .. }
                | Change::MoreArguments(_)
                | Change::Answered { .. }
                | Change::Datagram { .. }
                | Change::Requested { .. }
                | Change::Dns { .. }
        )
    };
    let sources: Vec<Source> = changes.iter().filter_map(Source::of).collect();
    let mut all = control.compare(run, &sources);
    if changes.iter().any(is_input) {
        let done = |deviation: &Deviation| match deviation {
            Deviation::New(effects) => effects.iter().any(Effect::is_lasting),
            _ => false,
        };
        all.retain(done);
    }
    for change in changes {
        machine::retain(&mut all, change, &control.behaviour, run);
    }
    if changes.iter().any(is_long) {
        all.retain(|deviation| !matches!(deviation, Deviation::Cost(_) | Deviation::Growth(_)));
    }
    all
}

/// Whether so much is to be read that it may cost more by that alone.
fn is_long(change: &Change) -> bool {
    const BYTES_MAX: usize = 256;
    match change {
        Change::Env { value: Some(value), .. } | Change::Arg { value, .. } | Change::Field { value, .. } => {
            value.len() > BYTES_MAX
        }
        Change::File { content: Some(bytes), .. }
        | Change::Stdin(bytes)
        | Change::Answered { bytes, .. }
        | Change::Datagram { bytes, .. }
        | Change::Requested { reply: Reply::Body(bytes), .. }
        | Change::RandomBytes(bytes) => bytes.len() > BYTES_MAX,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use invar_world::Change;

    use super::is_long;

    #[test]
    fn a_value_of_many_bytes_is_long_and_a_word_is_not() {
        let with = |value: String| Change::Env { name: "A".into(), value: Some(value) };
        assert!(is_long(&with("1".repeat(300))));
        assert!(!is_long(&with("gold".into())));
        assert!(!is_long(&Change::Env { name: "A".into(), value: None }));
        assert!(is_long(&Change::Stdin(vec![b'a'; 300])));
    }
}
