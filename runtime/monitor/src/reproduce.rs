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
        let Some(mut changes) = changes(lab, factors, from) else { continue };
        if changes.iter().any(|change| command::target(change).is_none()) {
            continue;
        }
        let mut does = |changes: &[Change]| -> Result<bool, LabError> {
            let question = Question { changes: changes.to_vec(), ..Question::again(of) };
            Ok(lab.ask(&[question])?.iter().all(|run| shows(run) == wanted))
        };
        if !does(&changes)? {
            continue;
        }
        // Of what is stopped only by all together, each may do: of two copies of a count, the higher one.
        let mut at = 0;
        while changes.len() > 1 && at < changes.len() {
            let mut fewer = changes.clone();
            fewer.remove(at);
            match does(&fewer)? {
                true => changes = fewer,
                false => at += 1,
            }
        }
        return Ok(Some((of, changes.iter().filter_map(command::target).collect())));
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
