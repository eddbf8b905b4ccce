//! Where two runs part.

use crate::{Event, Trace, TraceError};

/// How two traces compare, call by call.
#[derive(Debug, Clone, PartialEq)]
pub struct Parting<'a> {
    /// Calls that are the same in both and got other answers, in order, before the runs part: the answers
    /// from outside that can have made them part.
    pub answers: Vec<(Event<'a>, Event<'a>)>,
    /// How many there are; the list above ends at [`ANSWERS_MAX`].
    pub answers_total: u64,
    /// The first call that is not the same in both, if the runs part at all.
    pub step: Option<Step<'a>>,
}

/// The first call that is not the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Step<'a> {
    /// Number of the event.
    pub number: u64,
    /// What the first run does here; none: it has ended.
    pub left: Option<Event<'a>>,
    /// What the second run does here.
    pub right: Option<Event<'a>>,
}

/// Differing answers that are listed.
const ANSWERS_MAX: usize = 64;

impl<'a> Parting<'a> {
    /// Compares two traces.
    ///
    /// Stamps do not count: fuel and time follow from answers. What stands in a frame alone, such as where
    /// a frame begins, does not count either.
    ///
    /// # Errors
    /// An event cannot be read.
    pub fn of(left: &'a Trace, right: &'a Trace) -> Result<Self, TraceError> {
        let (mut lefts, mut rights) = (left.events(), right.events());
        let mut parting = Self { answers: Vec::new(), answers_total: 0, step: None };
        for number in 0.. {
            let (one, two) = (lefts.next().transpose()?, rights.next().transpose()?);
            match (one, two) {
                (None, None) => break,
                (Some(one), Some(two)) if one.function == two.function && one.request == two.request => {
                    if one.answer != two.answer {
                        parting.answers_total += 1;
                        if parting.answers.len() < ANSWERS_MAX {
                            parting.answers.push((one, two));
                        }
                    }
                }
                (left, right) => {
                    parting.step = Some(Step { number, left, right });
                    break;
                }
            }
        }
        Ok(parting)
    }

    /// Whether no call and no answer differs.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.step.is_none() && self.answers_total == 0
    }
}
