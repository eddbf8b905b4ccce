//! What a search found in the comparisons of an instrumented copy, made sure of with the original.
//!
//! A set of changes counts if the original does three times the same with it that it does not do without, and
//! stops with each of them put back alone. What is left is closed in on: where a time or a number begins to count,
//! which runs a counter fires at, how often chance does.

mod count;
mod forward;
mod number;
mod part;
mod time;
mod words;

use std::collections::BTreeSet;

use invar_trace::{Behaviour, Effect};
use invar_world::{Change, Reply};

pub(super) use forward::forward;
pub(crate) use part::Part;
pub(super) use words::{finding, line, trigger};

use super::{
    severity::severity,
    sweep::{ControlRun, Hit, shapes_of, undeclared},
    turn::varies_anyway,
};
use crate::{
    Deviation, Lab, LabError, Located, Question, Search, Severity, TriggerKind,
    condition::Condition,
    finding::Source,
    grouping::{Shape, shapes},
    monitor::{Case, Declared},
    named, placebo, text,
};

/// A condition that was solved for, and holds for the original.
#[derive(Debug, Clone)]
pub(crate) struct Solved {
    /// The run that was made under it.
    pub(crate) of: u32,
    /// What it is made of: one part, or several that are all needed.
    pub(crate) parts: Vec<Part>,
    pub(crate) deviations: Vec<Deviation>,
    shapes: Vec<Shape>,
    pub(crate) severity: Severity,
    /// No placebo in the place of any part brings it about.
    pub(crate) specific: bool,
    /// What it does under it that is not declared.
    pub(crate) undeclared: Vec<String>,
    /// The original was made again under it, and without each part.
    pub(crate) confirmed: bool,
}

/// A comparison that was not solved, with what is behind it.
#[derive(Debug, Clone)]
pub(crate) struct Forced {
    pub(crate) of: u32,
    pub(crate) located: Located,
    pub(crate) sources: Vec<Source>,
    /// Minor if what is behind it is not declared: that it can come to it is not shown.
    pub(crate) severity: Severity,
    /// Something of it is done to what nobody named: a name that is cut out of the input.
    pub(crate) is_cut: bool,
}

/// Conditions that are closed in on, for each run that the search began with.
const SOLVED_MAX: usize = 24;
/// Comparisons that are told.
const LOCATED_MAX: usize = 8;

/// Searches from a run, and makes sure of what is found.
pub(super) fn search(
    declared: &Declared,
    known: &BTreeSet<Effect>,
    control: &ControlRun,
    share: u32,
    case: &mut Case,
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    // What is solved already needs no second solution.
    let is_solved = !case.environment.solved.is_empty();
    let solved = case.environment.solved.iter().flat_map(|own| &own.deviations);
    let solved = solved.filter_map(|own| match own {
        Deviation::New(effects) => Some(effects),
        _ => None,
    });
    let known: BTreeSet<Effect> = known.iter().chain(solved.flatten()).cloned().collect();
    let searched = lab.search(Search { of: control.run, known: &known, share, is_solved })?;
    case.searched.add(&searched);
    // Each search tells of all runs so far.
    case.dormant = searched.dormant.clone();
    case.code = searched.code.or(case.code);
    if let Some(how) = searched.resists.clone().filter(|how| !case.resists.contains(how)) {
        case.resists.push(how);
    }
    let mut solved = searched.solved.into_iter().take(SOLVED_MAX);
    while let Some(changes) = solved.next() {
        if let Err(error) = confirm(declared, changes, None, control, case, lab) {
            // What only a copy did counts for nothing; that it did is said.
            let left = 1 + solved.len();
            case.searched.ended.push(format!("{} not confirmed", text::several(left, "solved conditions")));
            return Err(error);
        }
    }
    // What is not declared first: a maximum hides none of it behind what is.
    let is_declared = |own: &Located| own.effects.iter().all(|effect| declared.covers(effect));
    let mut located = searched.located;
    located.sort_by_key(is_declared);
    if let Some(left) = located.len().checked_sub(LOCATED_MAX).filter(|left| *left > 0) {
        case.searched.ended.push(format!("{} located and not listed", text::several(left, "comparisons")));
    }
    for located in located.into_iter().take(LOCATED_MAX) {
        // What is behind it may have been reached in an honest way by now.
        let is_told = case.environment.solved.iter().flat_map(|own| &own.deviations).any(|own| match own {
            Deviation::New(effects) => effects.iter().any(|effect| located.effects.contains(effect)),
            _ => false,
        });
        let sources: Vec<Source> = located.sources.iter().filter_map(Source::of).collect();
        if !is_told && !sources.is_empty() {
            let input = lab.input();
            let is_cut = |effect: &Effect| named::is_cut_out_of(&effect.subject, &input);
            let mut chosen = located.effects.iter().filter(|effect| !is_cut(effect));
            let severity = match chosen.all(|effect| declared.covers(effect)) {
                true => Severity::Info,
                false => Severity::Minor,
            };
            let is_cut = located.effects.iter().any(is_cut);
            case.environment.forced.push(Forced { of: control.run, located, sources, severity, is_cut });
        }
    }
    Ok(())
}

fn confirm(
    declared: &Declared,
    changes: Vec<Change>,
    counted: Option<(&[u32], u32)>,
    control: &ControlRun,
    case: &mut Case,
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    const TIMES: usize = 3;
    let with = |changes: &[Change]| Question { changes: changes.to_vec(), ..Question::again(control.run) };
    let runs = lab.ask(&vec![with(&changes); TIMES])?;
    let mut deviations = deviations(control, &runs[0], &changes);
    if changes.iter().filter_map(Source::of).any(|source| case.output.sources.contains(&source)) {
        // It is known, and said where outputs are.
        deviations.retain(|own| !matches!(own, Deviation::Output | Deviation::Errors));
    }
    if changes.iter().filter_map(Source::of).any(|source| case.output.errors.contains(&source)) {
        deviations.retain(|deviation| *deviation != Deviation::Errors);
    }
    if deviations.is_empty() || runs.iter().any(|run| run.head != runs[0].head) {
        return Ok(());
    }
    if is_named(&deviations, &changes) {
        return Ok(());
    }
    let wanted: Vec<Shape> =
        shapes(&deviations, &runs[0].violations).into_iter().map(|(shape, _)| shape).collect();
    let shows = |run: &Behaviour| {
        let found = shapes_of(&control.baseline, run);
        wanted.iter().all(|shape| found.contains(shape))
    };
    // One after the other is put back; what it does not need stays so.
    let mut needed = changes;
    let mut at = 0;
    while needed.len() > 1 && at < needed.len() {
        let mut without = needed.clone();
        without.remove(at);
        match shows(lab.ask(&[with(&without)])?[0].as_ref()) {
            true => needed = without,
            false => at += 1,
        }
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
    let own = runs[0].clone();
    let severities = conditions.iter().map(|condition| {
        let hit = Hit {
            condition,
            changes: &needed,
            behaviour: own.clone(),
            deviations: deviations.clone(),
            shapes: wanted.clone(),
        };
        severity(declared, control, &hit)
    });
    let mut severity = severities.max().unwrap_or(Severity::Info);
    let lasts =
        |own: &Deviation| matches!(own, Deviation::New(effects) if effects.iter().any(Effect::is_lasting));
    if severity == Severity::Info && !deviations.iter().any(lasts) {
        match is_counted(declared, &parts, counted, control, &shows, lab) {
            Ok(true) => severity = Severity::Major,
            Ok(false) => return Ok(()),
            Err(error) => return case.tolerate(Err(error)),
        }
    }
    let specific = severity < Severity::Major || are_specific(&needed, &with, &shows, lab)?;
    let is_declared = own.violations.keys().all(|missing| control.behaviour.violations.contains_key(missing));
    if !specific
        && is_declared
        && let Some((source, _)) = varies_anyway(&wanted, control, lab)?
    {
        // It varies with that whatever is changed. Claimed, it is as it should be; else the sweep of that source
        // tells of it.
        let is_swept = case.environment.turns.iter().any(|turn| turn.source == source);
        if declared.is_expected(&source) || is_swept {
            return Ok(());
        }
    }
    let sources: BTreeSet<&Source> = parts.iter().map(|(source, _)| source).collect();
    let is_same = |own: &Solved| {
        let own_sources: BTreeSet<&Source> = own.parts.iter().map(|part| &part.source).collect();
        own.shapes == wanted || (own_sources == sources && have_in_common(&own.deviations, &deviations))
    };
    let is_known = case.environment.solved.iter().any(is_same)
        || case
            .environment
            .turns
            .iter()
            .any(|turn| parts.len() == 1 && turn.source == parts[0].0 && turn.shapes == wanted);
    if is_known {
        return Ok(());
    }
    let undeclared = conditions.first().map_or_else(Vec::new, |condition| {
        let hit = Hit {
            condition,
            changes: &needed,
            behaviour: own.clone(),
            deviations: deviations.clone(),
            shapes: Vec::new(),
        };
        undeclared(control, &hit).iter().map(ToString::to_string).collect()
    });
    let index = case.environment.solved.len();
    case.environment.solved.push(Solved {
        of: control.run,
        parts: parts.iter().map(|(source, change)| Part::of(source.clone(), change.clone())).collect(),
        deviations,
        shapes: wanted.clone(),
        severity,
        specific,
        undeclared,
        confirmed: true,
    });
    // What was seen is told, whether it can be closed in on or not.
    for at in 0..parts.len() {
        let closed = part::close_in(&parts, at, counted, control, &shows, lab);
        match closed {
            Ok(part) => case.environment.solved[index].parts[at] = part,
            Err(error) => {
                case.tolerate(Err(error))?;
                break;
            }
        }
    }
    Ok(())
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

/// Whether a skill says something else by how often it ran, and does not say that it does: its own file holds another
/// number then. Whatever else such a file holds is its own data.
fn is_counted(
    declared: &Declared,
    parts: &[(Source, Change)],
    counted: Option<(&[u32], u32)>,
    control: &ControlRun,
    shows: &dyn Fn(&Behaviour) -> bool,
    lab: &mut dyn Lab,
) -> Result<bool, LabError> {
    let [(source @ Source::File(path), _)] = parts else { return Ok(false) };
    if lab.content(1, path).is_some() || declared.is_expected(source) {
        return Ok(false);
    }
    let part = part::close_in(parts, 0, counted, control, shows, lab)?;
    Ok(part.kind == TriggerKind::ExecutionCount)
}

/// Whether what is done is done to what the values name: who is told where to go, and goes, waits for nothing. An
/// argument is not among them: what the caller names is judged by how bad it is.
fn is_named(deviations: &[Deviation], changes: &[Change]) -> bool {
    let values: Vec<String> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Stdin(bytes)
            | Change::Answered { bytes, .. }
            | Change::Requested { reply: Reply::Body(bytes), .. } => Some(bytes.clone()),
            _ => None,
        })
        .map(|bytes| String::from_utf8_lossy(&bytes).to_ascii_lowercase())
        .collect();
    // A whole variable, or a whole line of a file: words inside it name nothing.
    let lines: Vec<String> = changes
        .iter()
        .filter_map(|change| match change {
            Change::File { content, .. } => {
                content.as_ref().map(|own| String::from_utf8_lossy(own).into_owned())
            }
            Change::Env { value, .. } => value.clone(),
            _ => None,
        })
        .flat_map(|text| text.lines().map(|line| line.trim().to_ascii_lowercase()).collect::<Vec<_>>())
        .collect();
    let scripts: Vec<String> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Stdin(bytes)
            | Change::Answered { bytes, .. }
            | Change::Requested { reply: Reply::Body(bytes), .. } => {
                Some(String::from_utf8_lossy(bytes).to_ascii_lowercase())
            }
            _ => None,
        })
        .collect();
    let is_in = |effect: &Effect| {
        let subject = effect.subject.to_ascii_lowercase();
        let name = subject.split_once("://").map_or(subject.as_str(), |(_, name)| name);
        let host = name.rsplit_once(':').map_or(name, |(host, _)| host);
        let host = host.trim_start_matches('/');
        let is_line = |line: &String| {
            let line = line.split_once("://").map_or(line.as_str(), |(_, rest)| rest);
            [subject.as_str(), name, host].contains(&line.trim_start_matches('/')) || line == subject
        };
        let is_spelled =
            host.len() > 1 && (values.iter().any(|value| value.contains(host)) || lines.iter().any(is_line));
        // What is read as a script may say it in pieces.
        let last = host.rsplit_once('/').map_or(host, |(_, last)| last);
        let words: Vec<&str> =
            last.split(|c: char| !c.is_ascii_alphanumeric()).filter(|own| !own.is_empty()).collect();
        let is_told = words.iter().any(|word| word.len() >= 3)
            && scripts.iter().any(|script| words.iter().all(|word| script.contains(word)));
        is_spelled || is_told
    };
    let mut lasting = deviations
        .iter()
        .filter_map(|own| match own {
            Deviation::New(effects) => Some(effects),
            _ => None,
        })
        .flatten()
        .filter(|effect| effect.is_lasting())
        .peekable();
    lasting.peek().is_some() && lasting.all(is_in)
}

/// Whether something that lasts is done in both.
fn have_in_common(one: &[Deviation], other: &[Deviation]) -> bool {
    let lasting = |all: &[Deviation]| -> BTreeSet<Effect> {
        let new = all.iter().filter_map(|own| match own {
            Deviation::New(effects) => Some(effects),
            _ => None,
        });
        new.flatten().filter(|effect| effect.is_lasting()).cloned().collect()
    };
    !lasting(one).is_disjoint(&lasting(other))
}

/// What differs, without what any skill does whose input is another.
fn deviations(control: &ControlRun, run: &Behaviour, changes: &[Change]) -> Vec<Deviation> {
    let is_input = |change: &Change| {
        matches!(
            change,
            Change::Stdin(_)
                | Change::Arg { .. }
                | Change::Answered { .. }
                | Change::Requested { .. }
                | Change::Dns { .. }
        )
    };
    let mut all = control.baseline.compare(run);
    if changes.iter().any(is_input) {
        let done = |own: &Deviation| match own {
            Deviation::New(effects) => effects.iter().any(Effect::is_lasting),
            _ => false,
        };
        all.retain(done);
    }
    if changes.iter().any(is_long) {
        all.retain(|own| !matches!(own, Deviation::Cost(_) | Deviation::Growth(_)));
    }
    all
}

/// Whether so much is to be read that it may cost more by that alone.
fn is_long(change: &Change) -> bool {
    const BYTES_MAX: usize = 256;
    match change {
        Change::Env { value: Some(value), .. } | Change::Arg { value, .. } => value.len() > BYTES_MAX,
        Change::File { content: Some(bytes), .. }
        | Change::Stdin(bytes)
        | Change::Answered { bytes, .. }
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
