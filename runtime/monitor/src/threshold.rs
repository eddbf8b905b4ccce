//! Where between two times a behaviour begins.

use invar_trace::Behaviour;
use invar_world::{Change, Timestamp};

use crate::{Lab, LabError, Question};

/// Times that are asked at once: four bits of a time a round.
const POINTS: u64 = 15;

const NS_PER_S: u64 = 1_000_000_000;

/// The last second without and the first with it, between `without` and `with`; none if the run that
/// `question` makes does not turn between the two when nothing but its wall clock is changed.
///
/// Where it begins several times, this is one of those.
pub(crate) fn clock_threshold(
    lab: &mut dyn Lab,
    question: &Question,
    without: Timestamp,
    with: Timestamp,
    shows: &dyn Fn(&Behaviour) -> bool,
) -> Result<Option<(Timestamp, Timestamp)>, LabError> {
    let mut ask = |times: &[u64]| -> Result<Vec<bool>, LabError> {
        let questions: Vec<Question> = times
            .iter()
            .map(|second| {
                let mut question = question.clone();
                question.changes.push(Change::Clock(Timestamp(second * NS_PER_S)));
                question
            })
            .collect();
        Ok(lab.ask(&questions)?.iter().map(|run| shows(run)).collect())
    };
    let (mut low, mut high) = (without.0 / NS_PER_S, with.0.div_ceil(NS_PER_S));
    if low >= high || ask(&[low, high])? != [false, true] {
        return Ok(None);
    }
    while high - low > 1 {
        let step = (high - low).div_ceil(POINTS + 1);
        let points: Vec<u64> = (1..=POINTS).map(|i| low + i * step).take_while(|at| *at < high).collect();
        let shown = ask(&points)?;
        let first = shown.iter().position(|shown| *shown);
        if let Some(index) = first {
            high = points[index];
        }
        let before = first.unwrap_or(points.len());
        if before > 0 {
            low = points[before - 1];
        }
    }
    Ok(Some((Timestamp(low * NS_PER_S), Timestamp(high * NS_PER_S))))
}
