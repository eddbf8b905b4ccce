//! Finds a command that shows what a deviation depends on, by trying it.

use std::sync::Arc;

use invar_trace::Behaviour;
use invar_world::Change;

use crate::{Factor, Lab, LabError, Question, command};

/// `--set` arguments that make the reference run deviate, else such as stop the run that does; none if the values
/// cannot be written in a command, or do not show it: a file's times, a directory, a seed of the series.
pub(crate) fn shown_by(
    lab: &mut dyn Lab,
    factors: &[Factor],
    (fired, reference): (u32, u32),
    is_sufficient: bool,
    shows: &impl Fn(&Arc<Behaviour>) -> bool,
) -> Result<Option<(u32, Vec<String>)>, LabError> {
    if factors.is_empty() {
        return Ok(None);
    }
    let ways = [(reference, fired, true), (fired, reference, false)];
    for (of, from, wanted) in ways.into_iter().skip(usize::from(!is_sufficient)) {
        let Some(changes) = changes(lab, factors, from) else { continue };
        let targets: Vec<String> = changes.iter().filter_map(command::target).collect();
        if targets.len() != changes.len() {
            continue;
        }
        let question = Question { changes, ..Question::again(of) };
        if lab.ask(&[question])?.iter().all(|run| shows(run) == wanted) {
            return Ok(Some((of, targets)));
        }
    }
    Ok(None)
}

/// The factors as run `from` had them, as changes.
fn changes(lab: &dyn Lab, factors: &[Factor], from: u32) -> Option<Vec<Change>> {
    factors
        .iter()
        .map(|factor| match factor {
            Factor::File(path) => Some(Change::File { path: path.clone(), content: lab.content(from, path) }),
            Factor::Clock => Some(Change::Clock(lab.started(from))),
            Factor::Random | Factor::Files => None,
        })
        .collect()
}
