//! What a deviation depends on: found by undoing changes one by one.

use std::sync::Arc;

use invar_trace::{Behaviour, EffectKind, FunctionId};
use invar_world::Change;

use crate::{
    Baseline, Deviation, Evidence, Factor, Lab, LabError, Question, confusables,
    grouping::{Shape, shapes},
    placebo, reproduce,
    source::Source,
};

/// Changed files that are undone one by one; more are undone together only.
const FILES_MAX: usize = 64;

/// Random seeds that are tried beside that of the reference run.
const SEEDS: u64 = 8;

/// What a deviation of one run depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attribution {
    /// The run that deviates.
    pub(crate) fired: u32,
    /// The run that does not, whose values are put in place.
    pub(crate) reference: u32,
    /// With any one of these as in the reference run (or with all of them, if `joint`) it does not deviate.
    /// Empty: not found.
    pub(crate) factors: Vec<Factor>,
    /// Only all of them together stop it: each of them alone keeps it going.
    pub(crate) joint: bool,
    /// What was done to be sure.
    pub(crate) evidence: Vec<Evidence>,
    /// Host calls that the run makes more often than with the factors undone: the function, then, and now.
    pub(crate) calls: Vec<(FunctionId, u64, u64)>,
    /// In what alone the output differs, if a reader would see no difference.
    pub(crate) only_in: Option<&'static str>,
    /// Nothing of the same size in the place of what it depends on makes the reference run do the same.
    pub(crate) specific: bool,
    /// A command's `--set` arguments that were tried and show it, and the run they are made of.
    pub(crate) shown_by: Option<(u32, Vec<String>)>,
}

impl Attribution {
    /// Whether putting these into the reference run made it deviate.
    pub(crate) fn is_sufficient(&self) -> bool {
        self.evidence.contains(&Evidence::Counterfactual)
    }

    /// Whether a file is among the factors.
    pub(crate) fn depends_on_files(&self) -> bool {
        self.factors.iter().any(|factor| matches!(factor, Factor::File(_) | Factor::Files))
    }

    /// It fires again when replayed, not when undone, and for no placebo.
    pub(crate) fn is_confirmed(&self) -> bool {
        self.evidence.contains(&Evidence::Replay) && self.evidence.contains(&Evidence::Undo) && self.specific
    }
}

impl Attribution {
    /// What it depends on, as claims name it; none if that was not found.
    pub(crate) fn sources(&self) -> Option<Vec<Source>> {
        if self.factors.is_empty() {
            return None;
        }
        self.factors
            .iter()
            .map(|factor| match factor {
                Factor::Clock => Some(Source::Clock),
                Factor::Random => Some(Source::Random),
                Factor::File(path) => Some(Source::File(path.clone())),
                Factor::Files => None,
            })
            .collect()
    }
}

/// A run that deviates, one that does not, and what is as in the latter throughout: what the deviation is
/// known to vary with anyway.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair<'a> {
    pub(crate) fired: u32,
    pub(crate) reference: u32,
    pub(crate) held: &'a [Factor],
}

impl Pair<'_> {
    /// The run that deviates, with some factors as in the other.
    fn undo<'f>(&self, factors: impl IntoIterator<Item = &'f Factor>) -> Question {
        let all = self.held.iter().cloned().chain(factors.into_iter().cloned());
        Question::with(self.fired, all, self.reference)
    }
}

/// Finds what each of the deviations depends on.
///
/// One pass asks for all of them: the run again, then with the clock, the random seed and each changed file as
/// the reference run had it. What no single thing stops is tried with several.
pub(crate) fn attribute(
    lab: &mut dyn Lab,
    baseline: &Baseline,
    deviations: &[Deviation],
    pair: Pair<'_>,
) -> Result<Vec<Attribution>, LabError> {
    let Pair { fired, reference, held } = pair;
    let files = lab.changed(reference, fired);
    let mut singles = vec![Factor::Clock, Factor::Random];
    singles.retain(|factor| !held.contains(factor));
    let files: Vec<String> =
        files.into_iter().filter(|path| !held.contains(&Factor::File(path.clone()))).collect();
    if files.len() <= FILES_MAX {
        singles.extend(files.iter().cloned().map(Factor::File));
    } else {
        singles.push(Factor::Files);
    }
    let mut questions = vec![pair.undo([])];
    questions.extend(singles.iter().map(|factor| pair.undo([factor])));
    let answers = lab.ask(&questions)?;
    let (again, answers) = (answers[0].clone(), &answers[1..]);
    // The seed of the reference run may open the same gate by chance: others are tried.
    let seeds = match singles.contains(&Factor::Random) && draws_random(&again) {
        false => Vec::new(),
        true => {
            let other = |seed| {
                let mut question = pair.undo([]);
                question.changes.push(Change::Random(seed));
                question
            };
            lab.ask(&(0..SEEDS).map(other).collect::<Vec<_>>())?
        }
    };

    deviations
        .iter()
        .map(|deviation| {
            let shows = |behaviour: &Arc<Behaviour>| baseline.shows(deviation, behaviour);
            let mut evidence = Vec::new();
            if shows(&again) {
                evidence.push(Evidence::Replay);
            }
            let mut factors: Vec<Factor> = singles
                .iter()
                .zip(answers)
                .filter(|(factor, answer)| {
                    let stops = |answer: &Arc<Behaviour>| !shows(answer);
                    stops(answer) || (**factor == Factor::Random && seeds.iter().any(stops))
                })
                .map(|(factor, _)| factor.clone())
                .collect();
            let joint = factors.is_empty();
            let undone = answers.iter().find(|answer| !shows(answer));
            let calls = undone.map(|undone| more_calls(&again, undone)).unwrap_or_default();
            let only_in = match (deviation, undone) {
                (Deviation::Output, Some(undone)) => confusables::only_in(&again.text, &undone.text),
                _ => None,
            };
            if joint {
                factors = smallest_set(lab, &singles, pair, &shows)?;
                // Directories, times, links: the whole tree holds what no single file does.
                if factors.is_empty() && !singles.contains(&Factor::Files) {
                    let with_tree: Vec<Factor> =
                        singles.iter().filter(|factor| !matches!(factor, Factor::File(_))).cloned().collect();
                    let with_tree = [with_tree, vec![Factor::Files]].concat();
                    factors = smallest_set(lab, &with_tree, pair, &shows)?;
                }
            }
            if !factors.is_empty() {
                evidence.push(Evidence::Undo);
                let question = Question::with(reference, factors.iter().cloned(), fired);
                if lab.ask(&[question])?.iter().any(shows) {
                    evidence.push(Evidence::Counterfactual);
                }
            }
            let wanted = shapes(std::slice::from_ref(deviation), &again.violations);
            let wanted: Vec<Shape> = wanted.into_iter().map(|(shape, _)| shape).collect();
            let specific = is_specific(lab, baseline, deviation, &wanted, &factors, pair)?;
            let is_sufficient = evidence.contains(&Evidence::Counterfactual);
            let shown_by = reproduce::shown_by(lab, &factors, (fired, reference), is_sufficient, &shows)?;
            Ok(Attribution { fired, reference, factors, joint, evidence, calls, only_in, specific, shown_by })
        })
        .collect()
}

/// Whether the reference run, which does not deviate so, stays as it is with placebos for what the deviation depends on:
/// a file that nothing reads, with what the file holds that counts; the clock a second later; other seeds.
fn is_specific(
    lab: &mut dyn Lab,
    baseline: &Baseline,
    deviation: &Deviation,
    wanted: &[Shape],
    factors: &[Factor],
    pair: Pair<'_>,
) -> Result<bool, LabError> {
    let Pair { fired, reference, held } = pair;
    let shows = |run: &Arc<Behaviour>| match deviation {
        Deviation::Growth(_) => baseline.shows(deviation, run),
        // Names that are made up differ each time: what kind of thing is done is what counts.
        _ => {
            let found = shapes(&baseline.compare(run.as_ref()), &run.violations);
            wanted.iter().all(|shape| found.iter().any(|(other, _)| other == shape))
        }
    };
    for factor in factors {
        let placebos: Vec<Change> = match factor {
            Factor::Clock => vec![placebo::neighbour(lab.started(reference))],
            Factor::Random => (0..SEEDS).map(Change::Random).collect(),
            Factor::File(path) => lab
                .content(fired, path)
                .map(|content| placebo::elsewhere(path, content))
                .into_iter()
                .collect(),
            Factor::Files => Vec::new(),
        };
        let with = |change: Change| {
            let mut question = Question::with(reference, held.iter().cloned(), reference);
            question.changes.push(change);
            question
        };
        let questions: Vec<Question> = placebos.into_iter().map(with).collect();
        if !questions.is_empty() && lab.ask(&questions)?.iter().all(shows) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The functions that one run calls more often than another, the largest differences first.
fn more_calls(now: &Behaviour, then: &Behaviour) -> Vec<(FunctionId, u64, u64)> {
    const SHOWN: usize = 3;
    let mut calls: Vec<(FunctionId, u64, u64)> = now
        .calls
        .iter()
        .map(|(function, now)| (*function, then.calls.get(function).copied().unwrap_or(0), *now))
        .filter(|(_, then, now)| now > then)
        .collect();
    calls.sort_by_key(|(_, then, now)| std::cmp::Reverse(now - then));
    calls.truncate(SHOWN);
    calls
}

/// A smallest set of factors that stop it together; empty if all of them do not.
fn smallest_set(
    lab: &mut dyn Lab,
    all: &[Factor],
    pair: Pair<'_>,
    shows: &impl Fn(&Arc<Behaviour>) -> bool,
) -> Result<Vec<Factor>, LabError> {
    let mut stops = |factors: &[Factor]| -> Result<bool, LabError> {
        let answers = lab.ask(&[pair.undo(factors)])?;
        Ok(answers.iter().all(|answer| !shows(answer)))
    };
    let mut set = all.to_vec();
    if set.is_empty() || !stops(&set)? {
        return Ok(Vec::new());
    }
    // Leave out what is not needed, last first: clock and seed stand first, and are the likelier cause.
    for index in (0..set.len()).rev() {
        let mut smaller = set.clone();
        smaller.remove(index);
        if !smaller.is_empty() && stops(&smaller)? {
            set = smaller;
        }
    }
    Ok(set)
}

fn draws_random(run: &Behaviour) -> bool {
    run.effects.iter().any(|effect| effect.kind == EffectKind::Random)
}
