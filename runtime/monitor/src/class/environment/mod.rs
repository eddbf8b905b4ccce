//! Environment: what the world says changes nothing that it should not.
//!
//! One thing at a time is put otherwise, and the run is held against its twin in which nothing is.

mod severity;
mod solved;
mod sweep;
mod turn;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use invar_trace::Effect;
use invar_world::Timestamp;

use super::View;
use crate::{
    Baseline, Class, Deviation, Finding, Lab, LabError, Question, Row, Section, Severity, Trigger,
    TriggerKind,
    condition::{Looks, sweeps},
    fault,
    finding::Source,
    grouping::is_only_names,
    monitor::{Case, Declared},
    text,
};
use solved::{Forced, Solved};
pub(crate) use sweep::ControlRun;
use sweep::Trial;
use turn::Turn;
use words::{finding, line, trigger};

/// What was tried and what turned.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tested {
    /// Conditions of each kind that were tried.
    pub(crate) tried: BTreeMap<&'static str, usize>,
    /// Kinds that the skill has no way to notice.
    pub(crate) unnoticed: Vec<&'static str>,
    /// Ways of turning past those that are told; none of them is worse.
    pub(crate) left_out: usize,
    /// Kinds for which the budget did not last.
    pub(crate) untried: Vec<&'static str>,
    pub(crate) turns: Vec<Turn>,
    /// Conditions that were solved for.
    pub(crate) solved: Vec<Solved>,
    /// Comparisons that were located and not solved.
    pub(crate) forced: Vec<Forced>,
    /// Everything that was done under the conditions that were tried.
    pub(crate) did: BTreeSet<Effect>,
    /// Moments that were tried, and whether the skill behaves otherwise at them.
    pub(crate) moments: Vec<(Timestamp, bool)>,
}

/// The last run like run 1, if it has what earlier runs left and is kept; and run 1.
pub(crate) fn bases(rows: &[Row], lab: &dyn Lab) -> Vec<u32> {
    // The last that is like the first, but for names that are made up; where none is, the last that is kept.
    let is_kept = |row: &&Row| lab.has(row.run);
    let is_usual =
        |row: &&Row| is_only_names(&row.deviations, &row.run_effects.violations) && lab.has(row.run);
    let warm =
        rows.iter().rev().find(is_usual).or_else(|| rows.iter().rev().find(is_kept)).map(|row| row.run);
    let warm = warm.filter(|warm| *warm > 1 && !lab.changed(1, *warm).is_empty());
    warm.into_iter().chain([1]).collect()
}

/// The same runs, made again.
fn controls(rows: &[Row], lab: &mut dyn Lab) -> Result<Vec<ControlRun>, LabError> {
    let bases = bases(rows, lab);
    let questions: Vec<Question> = bases.iter().map(|run| Question::again(*run)).collect();
    let answers = lab.ask(&questions)?;
    let arguments = lab.arguments();
    let controls = bases.iter().zip(answers).map(|(run, behaviour)| ControlRun {
        run: *run,
        baseline: Baseline::of(std::slice::from_ref(&behaviour)),
        behaviour,
        arguments: arguments.clone(),
    });
    Ok(controls.collect())
}

/// Percent of what is left of the budget that a search may take from each run that it begins with.
const SEARCH_SHARE_PERCENT: u32 = 90;

/// Searches for conditions that nobody would think of, with what is left of the budget.
pub(crate) fn search(
    declared: &Declared,
    rows: &[Row],
    controls: &[ControlRun],
    case: &mut Case,
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    let known: BTreeSet<Effect> =
        rows.iter().flat_map(|row| row.run_effects.effects.iter().cloned()).collect();
    if let Some(control) = controls.first().filter(|control| control.run > 1) {
        let done = solved::forward(declared, &known, control, case, lab);
        case.tolerate(done)?;
    }
    // First from the run that has what earlier ones left; the rest is for run 1.
    for (index, control) in controls.iter().enumerate() {
        if index > 0 && !case.environment.solved.is_empty() {
            break;
        }
        let done = solved::search(declared, &known, control, SEARCH_SHARE_PERCENT, case, lab);
        case.tolerate(done)?;
    }
    Ok(())
}

/// Every condition, tried on run 1 and on the last run like it, which has what earlier runs left: some of each kind
/// first, the rest as far as there is budget.
#[derive(Default)]
pub(crate) struct Tests {
    controls: Vec<ControlRun>,
    /// Those of the first twin, then those of the next.
    trials: Vec<Trial>,
    /// Kinds that the skill has no way to notice.
    unnoticed: Vec<&'static str>,
}

impl Tests {
    /// The runs that conditions are held against.
    pub(crate) fn controls(&self) -> &[ControlRun] {
        &self.controls
    }

    /// Tries some conditions of every kind: one of each source, as far as there are few.
    pub(crate) fn begin(
        &mut self,
        declared: &Declared,
        rows: &[Row],
        lab: &mut dyn Lab,
    ) -> Result<(), LabError> {
        self.controls = controls(rows, lab)?;
        let looks = Looks::of(self.controls.iter().map(|control| control.behaviour.as_ref()));
        for (index, control) in self.controls.iter().enumerate() {
            let is_given = |path: &str| lab.content(1, path).is_some();
            let start = lab.started(control.run);
            for sweep in sweeps(&looks, start, &lab.variables(), declared.envelope.as_ref(), is_given) {
                match sweep.conditions.is_empty() {
                    false => self.trials.push(Trial::new(index, sweep)),
                    true if !self.unnoticed.contains(&sweep.name) => self.unnoticed.push(sweep.name),
                    true => {}
                }
            }
        }
        for trial in &mut self.trials {
            let first = trial.sweep.first();
            trial.ask(&first, &self.controls, lab)?;
        }
        Ok(())
    }

    /// Tries the rest, kind by kind.
    pub(crate) fn go_on(&mut self, lab: &mut dyn Lab) -> Result<(), LabError> {
        for trial in &mut self.trials {
            let open = trial.open();
            trial.ask(&open, &self.controls, lab)?;
        }
        Ok(())
    }

    /// Judges what was tried since this was done last.
    pub(crate) fn judge(
        &mut self,
        declared: &Declared,
        case: &mut Case,
        lab: &mut dyn Lab,
    ) -> Result<(), LabError> {
        case.environment.unnoticed.clone_from(&self.unnoticed);
        for trial in self.trials.iter_mut().filter(|trial| trial.is_news()) {
            trial.judge(declared, &self.controls, case, lab)?;
        }
        Ok(())
    }

    /// Says what was not tried.
    pub(crate) fn finish(self, case: &mut Case) {
        let cut_short = self.trials.iter().filter(|trial| !trial.open().is_empty());
        let untried = &mut case.environment.untried;
        for trial in cut_short {
            if !untried.contains(&trial.sweep.name) {
                untried.push(trial.sweep.name);
            }
        }
    }
}

/// Whether a condition is known that brings all of these about: of that source, or of the network as a whole.
pub(crate) fn tells(case: &Case, kind: TriggerKind, source: &str, effects: &[Effect]) -> bool {
    let does = |turn: &Turn, effect: &Effect| {
        turn.deviations.iter().any(|own| matches!(own, Deviation::New(all) if all.contains(effect)))
    };
    case.environment.turns.iter().any(|turn| {
        turn.kind == kind
            && (turn.source == Source::Network || turn.source.to_string() == source)
            && !effects.is_empty()
            && effects.iter().all(|effect| does(turn, effect))
    })
}

/// What turns, as triggers.
pub(crate) fn triggers(view: &View<'_>, id: &str) -> Vec<Trigger> {
    let tested = &view.case.environment;
    let turns = tested.turns.iter().filter(|turn| turn.severity > Severity::Info);
    let solved = tested.solved.iter().filter(|own| own.severity > Severity::Info);
    turns
        .map(|turn| trigger(turn, id))
        .chain(solved.map(|own| solved::trigger(own, id)))
        .chain(tested.forced.iter().filter(|own| own.severity > Severity::Info).map(Forced::trigger))
        .collect()
}

pub(in crate::class) fn section(view: &View<'_>) -> Section {
    let tested = &view.case.environment;
    let faults = &view.case.faults;
    let nothing_is_found = tested.turns.iter().all(|turn| turn.severity == Severity::Info)
        && tested.solved.iter().all(|own| own.severity == Severity::Info)
        && tested.forced.iter().all(|own| own.severity == Severity::Info)
        && faults.turns.is_empty();
    let is_unmet = view.case.unmet.iter().any(|own| own.class == Class::Environment);
    if is_unmet && nothing_is_found {
        return Section::not_checked("it did not get the questions it needs at least".into());
    }
    if tested.tried.is_empty() && tested.unnoticed.is_empty() {
        return Section::not_checked("the budget did not last so far".into());
    }
    // That it minds its own data is no news.
    let is_news = |turn: &&Turn| {
        turn.severity > Severity::Info || !matches!(turn.source, Source::File(_) | Source::Preopens)
    };
    let findings: Vec<Finding> = (tested.turns.iter().filter(is_news).map(finding))
        .chain(tested.solved.iter().map(solved::finding))
        .chain(tested.forced.iter().map(Forced::finding))
        .chain(fault::findings(faults))
        .collect();
    let turns = tested.turns.iter().filter(|turn| turn.severity > Severity::Info);
    let solved = tested.solved.iter().filter(|own| own.severity > Severity::Info);
    let told: Vec<String> = (turns.map(line))
        .chain(solved.map(solved::line))
        .chain(tested.forced.iter().filter(|own| own.severity > Severity::Info).map(Forced::line))
        .chain(faults.turns.iter().map(fault::line))
        .collect();
    let tried: Vec<String> = tested.tried.iter().map(|(name, number)| text::several(*number, name)).collect();
    let mut why = match (told.as_slice(), tried.as_slice()) {
        ([], []) => "it looks at nothing that could be otherwise".to_owned(),
        ([], _) => match findings.is_empty() {
            true => format!("{}: no effect", tried.join(", ")),
            false => format!("{}: no effect that is not declared", tried.join(", ")),
        },
        (told, _) => told.join("; "),
    };
    if !tested.untried.is_empty() {
        let mut names = tested.untried.clone();
        names.dedup();
        why.push_str(&format!("; the budget did not last for all {}", names.join(", ")));
    }
    if tested.left_out > 0 {
        why.push_str(&format!("; {} more ways of turning, none of them worse", tested.left_out));
    }
    Section::of(why, findings)
}
