//! One branch flip: confirmed, and narrowed to where it flips.

use std::{collections::BTreeSet, sync::Arc};

use invar_trace::{Behaviour, Effect};
use invar_world::{Change, Timestamp};

use crate::{
    Baseline, Boundary, Declared, Deviation, Factor, Lab, LabError, Question, Severity, TriggerKind,
    calendar,
    class::environment::{
        control::{ControlRun, Hit, shapes_in, shapes_of, undeclared},
        severity::severity,
    },
    condition::{Condition, Sweep},
    grouping::{Shape, does_anyway},
    placebo,
    results::BranchFlip,
    source::Source,
    text,
    threshold::clock_threshold,
    trigger_kind::kind_of,
};

/// A branch flip, as far as it was seen.
pub(super) fn describe(
    severity: Severity,
    sweep: &Sweep,
    control: &ControlRun,
    hits: &[&Hit<'_>],
) -> BranchFlip {
    let first = hits[0];
    let source = first.condition.source.clone();
    let undeclared = undeclared(control, first);
    let given = control.given.changed(first.changes);
    BranchFlip {
        of: control.run,
        words: first.condition.words.clone(),
        change: first.condition.change.clone(),
        hits: hits.len(),
        asked: sweep.conditions.len(),
        deviations: first.deviations.clone(),
        shapes: first.shapes.clone(),
        in_calls: first.in_calls(control),
        severity,
        undeclared: undeclared.iter().map(|missing| given.line(missing)).collect(),
        says: control.says(&first.behaviour, first.changes),
        confirmed: false,
        kind: kind_of(&source),
        condition: match hits.len() {
            1 => first.condition.words.clone(),
            _ => join(hits),
        },
        boundary: Boundary::default(),
        bisected: false,
        needs: Vec::new(),
        specific: false,
        source,
    }
}

/// Confirms a branch flip, and narrows where it flips.
pub(super) fn follow(
    declared: &Declared,
    flip: &mut BranchFlip,
    sweep: &Sweep,
    control: &ControlRun,
    hits: &[&Hit<'_>],
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    if flip.severity == Severity::Info {
        return Ok(());
    }
    // Not by chance: the same again does the same again.
    let again = lab.ask(&[Question::changed(control.run, flip.change.clone())])?;
    flip.confirmed = again[0].head == hits[0].behaviour.head;
    // The run does the same without the change, under another name: no change sets that off.
    if does_anyway(&control.behaviour, &flip.shapes) {
        return Ok(());
    }
    flip.specific = is_specific(flip, control, lab)?;
    if !flip.specific {
        return unspecific(declared, flip, control, hits[0], lab);
    }
    match flip.source {
        Source::Clock => of_clock(flip, sweep, control, hits, lab)?,
        Source::Random => {
            flip.condition = format!("{} of {} random seeds", flip.hits, flip.asked);
        }
        Source::Variables => of_variables(flip, control, lab)?,
        _ => {}
    }
    if control.run > 1 && flip.kind != TriggerKind::ElapsedTime {
        with_state(flip, control, lab)?;
    }
    if hides(&flip.deviations) {
        flip.condition = format!("unless {}", flip.condition);
    }
    Ok(())
}

/// Whether what was changed brings it about, and no placebo in its place does.
fn is_specific(flip: &BranchFlip, control: &ControlRun, lab: &mut dyn Lab) -> Result<bool, LabError> {
    // Of a sweep over one source, the values that do not fire are the placebos of those that do.
    if matches!(flip.source, Source::Clock | Source::Random) {
        return Ok(flip.hits < flip.asked);
    }
    let wanted = flip.shapes.clone();
    let shows = |run: &Behaviour| {
        let found = control.shapes_of(run, [&flip.source]);
        wanted.iter().all(|shape| found.contains(shape))
    };
    placebo::is_specific(&flip.change, &Question::changed(control.run, flip.change.clone()), &shows, lab)
}

/// What any change brings about does not depend on the one that was made. Most such skills show the time, which moves
/// with every instruction: then it is the clock that they vary with, and that is judged.
fn unspecific(
    declared: &Declared,
    flip: &mut BranchFlip,
    control: &ControlRun,
    hit: &Hit<'_>,
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    let asked = varies_anyway(&flip.shapes, control, lab)?;
    if let Some((source, change)) = asked {
        let condition = Condition { words: flip.words.clone(), source: source.clone(), change };
        let other = Hit { condition: &condition, changes: hit.changes, is_jump: false, ..hit.clone() };
        flip.severity = severity(declared, control, &other);
        flip.kind = kind_of(&source);
        flip.source = source;
        flip.change = condition.change;
    }
    flip.condition = format!("any change, {} among them", flip.words);
    Ok(())
}

/// A source of which the next value brings the same about, if one does: what is found with any change varies with it.
pub(super) fn varies_anyway(
    wanted: &[Shape],
    control: &ControlRun,
    lab: &mut dyn Lab,
) -> Result<Option<(Source, Change)>, LabError> {
    /// A seed that no run has.
    const SEED: u64 = 0x5eed;
    let all = [
        (Source::Clock, placebo::neighbour(lab.started(control.run))),
        (Source::Random, Change::Random(SEED)),
    ];
    for (source, change) in all {
        let run = lab.ask(&[Question::changed(control.run, change.clone())])?.remove(0);
        let found = shapes_of(&control.baseline, &run);
        if wanted.iter().all(|shape| found.contains(shape)) {
            return Ok(Some((source, change)));
        }
    }
    Ok(None)
}

/// Which times they are, where it flips, and whether they are counted from an earlier run.
fn of_clock(
    flip: &mut BranchFlip,
    sweep: &Sweep,
    control: &ControlRun,
    hits: &[&Hit<'_>],
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    let time = |condition: &Condition| match condition.change {
        Change::Clock(time) => time,
        _ => Timestamp(0),
    };
    let with: Vec<Timestamp> = hits.iter().map(|hit| time(hit.condition)).collect();
    let mut without: Vec<Timestamp> =
        sweep.conditions.iter().map(time).filter(|time| !with.contains(time)).collect();
    without.push(lab.started(control.run));
    flip.condition = calendar::in_common(&with, &without);
    let Some(first) = with.iter().min().copied() else { return Ok(()) };
    // Names that are made up from the time differ from time to time: the shape is what counts.
    let wanted = flip.shapes.clone();
    let shows = |run: &Behaviour| {
        let found = control.shapes_of(run, [&Source::Clock]);
        wanted.iter().all(|shape| found.contains(shape))
    };
    if let Some(before) = without.iter().filter(|time| **time < first).max()
        && let Some((from, to)) = clock_threshold(lab, &Question::again(control.run), *before, first, &shows)?
    {
        flip.bisected = true;
        flip.boundary = Boundary::clock(from, to);
        // A skill that has not run before does not mind the time: it counts from a run that it remembers.
        let is_threshold = without.iter().all(|time| *time < first);
        if control.run > 1 && is_threshold {
            let fresh = lab.ask(&[
                Question::changed(1, Change::Clock(to)),
                Question::changed(1, Change::Clock(first)),
            ])?;
            let first = lab.ask(&[Question::again(1)])?;
            let usual = Baseline::of(&first);
            let is_usual = |run: &Arc<Behaviour>| {
                let deviations = usual.compare(run.as_ref());
                control.without_what_moves(deviations, run, [&Source::Clock]).is_empty()
            };
            if fresh.iter().all(is_usual) {
                flip.kind = TriggerKind::ElapsedTime;
                let (since, words) = counted_from(control.run, to, &shows, lab)?;
                flip.boundary = Boundary::elapsed(lab.started(since), from, to);
                let span = to.0.saturating_sub(lab.started(since).0);
                flip.condition = format!("{} after {words}", text::span(span));
            }
        }
    }
    Ok(())
}

/// How many variables there must be.
fn of_variables(flip: &mut BranchFlip, control: &ControlRun, lab: &mut dyn Lab) -> Result<(), LabError> {
    let Change::MoreVariables(found) = flip.change else { return Ok(()) };
    let wanted = flip.shapes.clone();
    let mut shows = |number: u32| -> Result<bool, LabError> {
        let run = lab.ask(&[Question::changed(control.run, Change::MoreVariables(number))])?.remove(0);
        let found = shapes_of(&control.baseline, &run);
        Ok(wanted.iter().all(|shape| found.contains(shape)))
    };
    let (mut low, mut high) = (0, found);
    while high > low + 1 {
        let middle = u32::midpoint(low, high);
        if shows(middle)? { high = middle } else { low = middle }
    }
    let is_open = shows(high.saturating_mul(2).max(high + 60))?;
    let set = lab.variables().len() + high as usize;
    flip.bisected = true;
    flip.change = Change::MoreVariables(high);
    flip.condition = match is_open {
        true => format!("{} or more are set", text::several(set, "environment variables")),
        false => format!("{} are set", text::several(set, "environment variables")),
    };
    flip.words = flip.condition.clone();
    Ok(())
}

/// The run that time is counted from: asked of run 2, which is as far from run 1 by another span than `run` is.
pub(super) fn counted_from(
    run: u32,
    to: Timestamp,
    shows: &dyn Fn(&Behaviour) -> bool,
    lab: &mut dyn Lab,
) -> Result<(u32, &'static str), LabError> {
    let previous = run.saturating_sub(1).max(1);
    let since_previous = to.0.saturating_sub(lab.started(previous).0);
    let after_one = lab.started(1).after(since_previous);
    // To the second; the two spans differ by hours.
    let before = |time: Timestamp| Timestamp(time.0.saturating_sub(60_000_000_000));
    let at = |time: Timestamp| Question::changed(2, Change::Clock(time));
    let answers = lab.ask(&[at(to), at(before(to)), at(after_one), at(before(after_one))])?;
    let shown: Vec<bool> = answers.iter().map(|run| shows(run)).collect();
    Ok(match shown.as_slice() {
        [true, false, ..] => (1, "the first run"),
        [_, _, true, false] => (previous, "the run before"),
        _ => (1, "the first run, by this state"),
    })
}

/// Which files of earlier runs it needs beside the condition, if any.
fn with_state(flip: &mut BranchFlip, control: &ControlRun, lab: &mut dyn Lab) -> Result<(), LabError> {
    const FILES_MAX: usize = 32;
    let wanted = flip.shapes.clone();
    let fresh = lab.ask(&[Question::again(1), Question::changed(1, flip.change.clone())])?;
    let usual = Baseline::of(&fresh[..1]);
    let source = flip.source.clone();
    let moved = |usual: &Baseline, run: &Behaviour| {
        let deviations = control.without_what_moves(usual.compare(run), run, [&source]);
        shapes_in(&deviations, run)
    };
    if !moved(&usual, &fresh[1]).is_empty() {
        return Ok(());
    }
    let paths: Vec<String> = lab.changed(1, control.run).into_iter().take(FILES_MAX).collect();
    let questions: Vec<Question> = paths
        .iter()
        .flat_map(|path| {
            let without = Question::with(control.run, [Factor::File(path.clone())], 1);
            let with = Question { changes: vec![flip.change.clone()], ..without.clone() };
            [without, with]
        })
        .collect();
    let answers = lab.ask(&questions)?;
    for (path, pair) in paths.into_iter().zip(answers.chunks(2)) {
        let usual = Baseline::of(&pair[..1]);
        let found = moved(&usual, &pair[1]);
        if !wanted.iter().all(|shape| found.contains(shape)) {
            flip.needs.push(path);
        }
    }
    if !flip.needs.is_empty() {
        flip.condition = format!(
            "{}, once earlier runs have left {}",
            flip.condition,
            text::join(&flip.needs.iter().map(|path| path.escape_debug().to_string()).collect::<Vec<_>>())
        );
        flip.kind = TriggerKind::Compound;
    }
    Ok(())
}

/// Whether all that a condition does is to keep the skill from what it does else.
fn hides(deviations: &[Deviation]) -> bool {
    let lasts = |effects: &BTreeSet<Effect>| effects.iter().any(Effect::is_lasting);
    deviations.iter().any(|deviation| matches!(deviation, Deviation::Missing(effects) if lasts(effects)))
        && !deviations.iter().any(|deviation| matches!(deviation, Deviation::New(effects) if lasts(effects)))
        && !deviations.contains(&Deviation::Output)
}

fn join(hits: &[&Hit<'_>]) -> String {
    const SHOWN: usize = 3;
    let words: Vec<&str> = hits.iter().take(SHOWN).map(|hit| hit.condition.words.as_str()).collect();
    match hits.len() > SHOWN {
        true => format!("{} or {} more", words.join(" or "), hits.len() - SHOWN),
        false => words.join(" or "),
    }
}
