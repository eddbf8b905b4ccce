//! Conditions of one kind, tried on one run.

use std::{collections::BTreeSet, sync::Arc};

use invar_trace::{Behaviour, Effect};
use invar_world::Change;

use crate::{
    Declared, Deviation, Lab, LabError, Question, Severity,
    class::environment::{
        control::{ControlRun, Hit, shapes_in},
        flip, machine,
        severity::severity,
    },
    condition::{Condition, Sweep},
    results::Investigation,
    source::Source,
};

/// Branch flips that are reported for one sweep.
const FLIPS_MAX: usize = 8;

/// Conditions that are asked at once: what the budget ends is lost, so few.
const BATCH: usize = 8;

/// The conditions of one kind on one run, and what they came to.
pub(super) struct Trial {
    /// Which of the control runs.
    control: usize,
    pub(super) sweep: Sweep,
    /// For each condition; none if it was not asked yet.
    answers: Vec<Option<Arc<Behaviour>>>,
    /// Conditions that were asked when it was judged last.
    judged: usize,
}

impl Trial {
    pub(super) fn new(control: usize, sweep: Sweep) -> Self {
        let answers = vec![None; sweep.conditions.len()];
        Self { control, sweep, answers, judged: 0 }
    }

    /// Asks some of the conditions. What was asked before the budget ran out is kept.
    pub(super) fn ask(
        &mut self,
        which: &[usize],
        controls: &[ControlRun],
        lab: &mut dyn Lab,
    ) -> Result<(), LabError> {
        let of = controls[self.control].run;
        for batch in which.chunks(BATCH) {
            let questions: Vec<Question> = batch
                .iter()
                .map(|index| Question::changed(of, self.sweep.conditions[*index].change.clone()))
                .collect();
            for (index, answer) in batch.iter().zip(lab.ask(&questions)?) {
                self.answers[*index] = Some(answer);
            }
        }
        Ok(())
    }

    /// The conditions that were not asked yet.
    pub(super) fn open(&self) -> Vec<usize> {
        (0..self.answers.len()).filter(|index| self.answers[*index].is_none()).collect()
    }

    /// Whether more was asked since it was judged.
    pub(super) fn is_news(&self) -> bool {
        self.answers.iter().flatten().count() > self.judged
    }

    /// Judges all that was asked until now.
    pub(super) fn judge(
        &mut self,
        declared: &Declared,
        controls: &[ControlRun],
        investigation: &mut Investigation,
        lab: &mut dyn Lab,
    ) -> Result<(), LabError> {
        let conditions = self.sweep.conditions.iter().zip(&self.answers);
        let (asked, answers): (Vec<Condition>, Vec<Arc<Behaviour>>) =
            conditions.filter_map(|(condition, answer)| Some((condition.clone(), answer.clone()?))).unzip();
        *investigation.environment.tried.entry(self.sweep.name).or_default() += asked.len() - self.judged;
        self.judged = asked.len();
        investigation.environment.did.extend(answers.iter().flat_map(|run| run.effects.iter().cloned()));
        let sweep = Sweep { name: self.sweep.name, conditions: asked };
        judge(declared, &sweep, answers, &controls[self.control], investigation, lab)
    }
}

/// Judges what the conditions of a sweep came to.
fn judge(
    declared: &Declared,
    sweep: &Sweep,
    answers: Vec<Arc<Behaviour>>,
    control: &ControlRun,
    investigation: &mut Investigation,
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    let asked = &sweep.conditions;
    let mut hits = Vec::new();
    for (condition, behaviour) in asked.iter().zip(answers) {
        let source = match &condition.source {
            Source::Speed => &Source::Clock,
            other => other,
        };
        let mut deviations = control.compare(&behaviour, [source]);
        let changes = std::slice::from_ref(&condition.change);
        let is_jump = control.is_jump(&deviations, [source]) || control.directs(&behaviour, changes);
        if investigation.output.sources.contains(source) && !is_jump {
            // It is known, and said where outputs are.
            deviations.retain(|deviation| !matches!(deviation, Deviation::Output | Deviation::Errors));
        }
        if investigation.output.errors.contains(source) {
            deviations.retain(|deviation| *deviation != Deviation::Errors);
        }
        if matches!(condition.source, Source::Network | Source::Name(_) | Source::Answer(_)) {
            deviations = without_the_obvious(deviations);
        }
        machine::retain(&mut deviations, &condition.change, &control.behaviour, &behaviour);
        if !deviations.is_empty() {
            let shapes = shapes_in(&deviations, &behaviour);
            hits.push(Hit { condition, changes, behaviour, deviations, shapes, is_jump });
        }
    }
    for condition in asked {
        if let Change::Clock(time) = condition.change {
            let is_hit = hits.iter().any(|hit| hit.condition.words == condition.words);
            if !investigation.environment.moments.contains(&(time, is_hit)) {
                investigation.environment.moments.push((time, is_hit));
            }
        }
    }
    let mut groups: Vec<(Severity, Vec<&Hit<'_>>)> =
        by_shape(&hits).into_iter().map(|group| (severity(declared, control, group[0]), group)).collect();
    groups.sort_by_key(|(severity, _)| std::cmp::Reverse(*severity));
    investigation.environment.left_out += groups.len().saturating_sub(FLIPS_MAX);
    for (severity, group) in groups.into_iter().take(FLIPS_MAX) {
        let mut flip = flip::describe(severity, sweep, control, &group);
        // What was seen is reported, whether it could be followed up or not.
        let done = flip::follow(declared, &mut flip, sweep, control, &group, lab);
        investigation.tolerate(done)?;
        let is_known = investigation.environment.flips.iter().any(|known| known.is_like(&flip));
        if !is_known {
            investigation.environment.flips.push(flip);
        }
    }
    Ok(())
}

/// Without what any skill does when the network is in a bad state: it fails to reach what it would reach.
fn without_the_obvious(deviations: Vec<Deviation>) -> Vec<Deviation> {
    let is_contact = |effect: &Effect| effect.kind.is_contact();
    deviations
        .into_iter()
        .filter_map(|deviation| match deviation {
            Deviation::New(effects) => {
                let rest: BTreeSet<Effect> = effects
                    .into_iter()
                    .filter(|effect| !(is_contact(effect) && effect.failed.is_some()))
                    .collect();
                (!rest.is_empty()).then_some(Deviation::New(rest))
            }
            Deviation::Missing(effects) => {
                let rest: BTreeSet<Effect> =
                    effects.into_iter().filter(|effect| !is_contact(effect)).collect();
                (!rest.is_empty()).then_some(Deviation::Missing(rest))
            }
            other => Some(other),
        })
        .collect()
}

/// Hits that have a source and what they do in common.
fn by_shape<'h>(hits: &'h [Hit<'h>]) -> Vec<Vec<&'h Hit<'h>>> {
    let mut groups: Vec<Vec<&Hit<'_>>> = Vec::new();
    for hit in hits {
        let is_like = |group: &&mut Vec<&Hit<'_>>| {
            group[0].condition.source == hit.condition.source && group[0].shapes == hit.shapes
        };
        match groups.iter_mut().find(is_like) {
            Some(group) => group.push(hit),
            None => groups.push(vec![hit]),
        }
    }
    groups
}
