//! Tries the faults of a run.

use crate::{
    Declared, Lab, LabError, Question, Row,
    class::environment,
    fault::{
        judge::{ControlRun, Hit, judge},
        plan::{Fault, plan},
    },
    results::{FaultResponse, Investigation},
};

/// Faults of one run that are tried. Stops a skill that is about a thousand files from using up the budget.
const FAULTS_MAX: usize = 1024;

/// Faults that are asked at once: what the budget ends is lost, so few.
const BATCH: usize = 8;

/// Responses that are reported, at most.
const RESPONSES_MAX: usize = 8;

/// What faults are called among the conditions that were tried.
const NAME: &str = "faults";

/// Tries everything that could go wrong in run 1 and in the last run like it.
pub(crate) fn investigate(
    declared: &Declared,
    rows: &[Row],
    investigation: &mut Investigation,
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    for run in environment::bases(rows, lab) {
        if let Err(error) = try_run(declared, run, investigation, lab) {
            investigation.tolerate(Err(error))?;
            investigation.environment.untried.push(NAME);
            return Ok(());
        }
    }
    Ok(())
}

fn try_run(
    declared: &Declared,
    run: u32,
    investigation: &mut Investigation,
    lab: &mut dyn Lab,
) -> Result<(), LabError> {
    let calls = lab.calls(run)?;
    let control = ControlRun { run, behaviour: lab.ask(&[Question::again(run)])?.remove(0) };
    let mut faults = plan(&calls, lab.started(run));
    investigation.faults.left_out += faults.len().saturating_sub(FAULTS_MAX);
    faults.truncate(FAULTS_MAX);
    let mut hits: Vec<Hit<'_>> = Vec::new();
    let mut ended = Ok(());
    // What was asked before the budget ran out is judged.
    for batch in faults.chunks(BATCH) {
        let questions: Vec<Question> =
            batch.iter().map(|fault| Question::failing(run, fault.substitution.clone())).collect();
        match lab.ask(&questions) {
            Ok(answers) => {
                *investigation.environment.tried.entry(NAME).or_default() += answers.len();
                hits.extend(
                    batch
                        .iter()
                        .zip(answers)
                        .filter_map(|(fault, run)| judge(declared, &control, fault, run)),
                );
            }
            Err(error) => {
                ended = Err(error);
                break;
            }
        }
    }
    let mut groups = by_action(hits);
    groups.sort_by_key(|group| std::cmp::Reverse(group[0].severity));
    for group in groups {
        let response = describe(&control, &group);
        if is_known(&response, investigation) {
            continue;
        }
        if investigation.faults.responses.len() >= RESPONSES_MAX {
            investigation.faults.left_out += 1;
            continue;
        }
        match confirmed(&control, &group[0], lab) {
            Ok(confirmed) => investigation.faults.responses.push(FaultResponse { confirmed, ..response }),
            // What was seen is reported, whether it could be confirmed or not.
            Err(error) => {
                investigation.tolerate(Err(error))?;
                investigation.faults.responses.push(response);
            }
        }
    }
    ended
}

/// Hits that are about the same thing and do the same.
fn by_action(hits: Vec<Hit<'_>>) -> Vec<Vec<Hit<'_>>> {
    let mut groups: Vec<Vec<Hit<'_>>> = Vec::new();
    for hit in hits {
        let is_like = |group: &&mut Vec<Hit<'_>>| {
            group[0].fault.about == hit.fault.about
                && group[0].severity == hit.severity
                && group[0].shapes == hit.shapes
        };
        match groups.iter_mut().find(is_like) {
            Some(group) => group.push(hit),
            None => groups.push(vec![hit]),
        }
    }
    groups
}

fn describe(control: &ControlRun, hits: &[Hit<'_>]) -> FaultResponse {
    let Hit { fault, severity, effects, undeclared, .. } = &hits[0];
    let Fault { words, value, substitution, .. } = fault;
    FaultResponse {
        kind: fault.kind(),
        source: fault.source(),
        of: control.run,
        words: words.clone(),
        value: value.clone(),
        substitution: substitution.clone(),
        hits: hits.len(),
        effects: effects.iter().cloned().collect(),
        undeclared: undeclared.iter().map(ToString::to_string).collect(),
        severity: *severity,
        confirmed: false,
    }
}

/// Whether it is reported already: for another run, or as a condition with the same effect, such as an absent file.
fn is_known(response: &FaultResponse, investigation: &Investigation) -> bool {
    let is_same =
        |known: &FaultResponse| known.source == response.source && known.effects == response.effects;
    investigation.faults.responses.iter().any(is_same)
        || investigation.environment.explains(response.kind, &response.source, &response.effects)
}

/// Not by chance: the same fault does the same again, and without it there is none of it again.
fn confirmed(control: &ControlRun, hit: &Hit<'_>, lab: &mut dyn Lab) -> Result<bool, LabError> {
    let failing = Question::failing(control.run, hit.fault.substitution.clone());
    let answers = lab.ask(&[failing, Question::again(control.run)])?;
    Ok(answers[0].head == hit.behaviour.head && answers[1].head == control.behaviour.head)
}
