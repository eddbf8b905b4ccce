//! In which calls of a tool skill a deviation is, as far as that can be told.

use std::collections::{BTreeMap, BTreeSet};

use invar_trace::{Behaviour, CallEnd, CallResult, Effect};
use serde::Serialize;

use crate::{Cost, Deviation, Row, text};

/// Names of functions, in full.
pub(crate) type Functions = BTreeSet<String>;

/// Calls that a line of a report names. Stops a run of thousands from filling it.
const SHOWN_MAX: usize = 3;

/// One call of a run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct CallRef {
    /// Its number in the run, from 1.
    pub number: usize,
    /// The function, by its name in full.
    pub function: String,
    /// Whether the run calls that function once.
    #[serde(skip)]
    pub is_only: bool,
}

impl CallRef {
    /// `FUNCTION`, or `call 2 (FUNCTION)` if the run calls it more than once.
    fn words(&self) -> String {
        let function = self.function.escape_debug();
        match self.is_only {
            true => function.to_string(),
            false => format!("call {} ({function})", self.number),
        }
    }
}

/// The calls of one run that a deviation is in; none: that cannot be told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct InCalls(BTreeSet<CallRef>);

impl InCalls {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Their functions.
    pub(crate) fn functions(&self) -> Functions {
        self.0.iter().map(|call| call.function.clone()).collect()
    }

    pub(crate) fn calls(&self) -> Vec<CallRef> {
        self.0.iter().cloned().collect()
    }

    pub(crate) fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// `, in find and call 3 (add)`; nothing if it cannot be told.
    pub(crate) fn words(&self) -> String {
        in_words(self.0.iter())
    }
}

/// `, in find and call 3 (add)` of calls that a trigger names; nothing if there are none.
#[must_use]
pub fn in_calls(calls: &[CallRef]) -> String {
    in_words(calls.iter())
}

fn in_words<'a>(calls: impl ExactSizeIterator<Item = &'a CallRef>) -> String {
    let more = calls.len().saturating_sub(SHOWN_MAX);
    let mut named: Vec<String> = calls.take(SHOWN_MAX).map(CallRef::words).collect();
    if named.is_empty() {
        return String::new();
    }
    if more > 0 {
        named.push(text::several(more, "more calls"));
    }
    format!(", in {}", text::join(&named))
}

/// The calls of a run, and the first call that has each effect.
#[derive(Clone, Copy)]
pub(crate) struct CallsOfRun<'a> {
    ends: &'a [CallEnd],
    effects: &'a BTreeMap<Effect, usize>,
}

impl<'a> From<&'a Row> for CallsOfRun<'a> {
    fn from(row: &'a Row) -> Self {
        Self { ends: &row.tool_calls, effects: &row.run_effects.effect_calls }
    }
}

impl<'a> From<&'a Behaviour> for CallsOfRun<'a> {
    fn from(run: &'a Behaviour) -> Self {
        Self { ends: &run.tool_calls, effects: &run.effect_calls }
    }
}

impl CallsOfRun<'_> {
    /// The calls with these numbers, from 1.
    fn named(&self, numbers: impl IntoIterator<Item = usize>) -> InCalls {
        let named = numbers.into_iter().filter_map(|number| {
            let function = &self.ends.get(number.checked_sub(1)?)?.function;
            let is_only = self.ends.iter().filter(|end| end.function == *function).count() == 1;
            Some(CallRef { number, function: function.clone(), is_only })
        });
        InCalls(named.collect())
    }

    /// The calls that have these effects; none if one of them is outside of all calls.
    fn with<'e>(&self, effects: impl IntoIterator<Item = &'e Effect>) -> InCalls {
        let numbers: Option<BTreeSet<usize>> =
            effects.into_iter().map(|effect| self.effects.get(effect).copied()).collect();
        self.named(numbers.unwrap_or_default())
    }

    /// The calls of which `differs` holds for the same call of every one of `usual`.
    fn differing(&self, usual: &[Self], differs: impl Fn(&CallEnd, &CallEnd) -> bool) -> InCalls {
        let is_other = |index: usize, end: &CallEnd| {
            !usual.is_empty()
                && usual.iter().all(|other| {
                    other
                        .ends
                        .get(index)
                        .is_some_and(|other| other.function == end.function && differs(end, other))
                })
        };
        let all = self.ends.iter().enumerate().filter(|(index, end)| is_other(*index, end));
        self.named(all.map(|(index, _)| index + 1))
    }

    /// The call that explains more than half of what the run burns more than the usual ones.
    fn costlier(&self, usual: &[Self]) -> InCalls {
        let more = |(index, end): (usize, &CallEnd)| {
            let most = usual.iter().filter_map(|other| other.ends.get(index)).map(|other| other.fuel).max();
            (index + 1, end.fuel.saturating_sub(most.unwrap_or(0)))
        };
        let grown: Vec<(usize, u64)> = self.ends.iter().enumerate().map(more).collect();
        let all = grown.iter().fold(0_u64, |sum, (_, more)| sum.saturating_add(*more));
        let most = grown.iter().max_by_key(|(_, more)| *more).filter(|(_, more)| *more > all / 2);
        self.named(most.filter(|_| !usual.is_empty()).map(|(number, _)| *number))
    }

    /// The call that did not return.
    fn stopped(&self) -> InCalls {
        let at = self.ends.iter().position(|end| end.result == CallResult::Stopped);
        self.named(at.map(|index| index + 1))
    }
}

/// The calls of a run that a deviation is in, compared with usual runs.
pub(crate) fn locate(deviation: &Deviation, run: CallsOfRun<'_>, usual: &[CallsOfRun<'_>]) -> InCalls {
    if run.ends.is_empty() {
        return InCalls::default();
    }
    match deviation {
        Deviation::New(effects) => {
            let lasting: Vec<&Effect> = effects.iter().filter(|effect| effect.is_lasting()).collect();
            match lasting.is_empty() {
                true => run.with(effects),
                false => run.with(lasting),
            }
        }
        Deviation::Missing(effects) => usual.first().map(|usual| usual.with(effects)).unwrap_or_default(),
        Deviation::Output => {
            let said =
                run.differing(usual, |end, other| end.result.is_answer() && end.output != other.output);
            if said.is_empty() { run.stopped() } else { said }
        }
        Deviation::Ending => {
            run.differing(usual, |end, other| end.result != CallResult::NotMade && end.result != other.result)
        }
        Deviation::Cost(Cost::Fuel) | Deviation::Growth(Cost::Fuel) => run.costlier(usual),
        // Nothing of a call says what it wrote there, or how much.
        Deviation::Errors | Deviation::Payload | Deviation::Cost(_) | Deviation::Growth(_) => {
            InCalls::default()
        }
    }
}

/// The calls that all of the deviations of a run are in; none if of one it cannot be told. What a run costs follows from what
/// it does: where it cannot be told of a cost, the rest counts.
pub(crate) fn locate_all(deviations: &[Deviation], run: CallsOfRun<'_>, usual: CallsOfRun<'_>) -> InCalls {
    let mut all = InCalls::default();
    for deviation in deviations {
        let here = locate(deviation, run, &[usual]);
        let is_cost = matches!(deviation, Deviation::Cost(_) | Deviation::Growth(_));
        if here.is_empty() && !is_cost {
            return InCalls::default();
        }
        all.extend(here);
    }
    all
}

/// The functions of calls whose line of the output is not the same in two runs.
pub(crate) fn other_outputs(one: &Behaviour, other: &Behaviour) -> Functions {
    let differs = |end: &CallEnd, other: &CallEnd| end.output != other.output || end.result != other.result;
    CallsOfRun::from(one).differing(&[other.into()], differs).functions()
}

/// The call with this number, from 1.
pub(crate) fn of_number(row: &Row, number: usize) -> InCalls {
    CallsOfRun::from(row).named([number])
}

/// The call that an event is in.
pub(crate) fn of_event(row: &Row, event: u64) -> InCalls {
    let calls = CallsOfRun::from(row);
    let at = calls.ends.iter().position(|end| end.has_event(event));
    calls.named(at.map(|index| index + 1))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use invar_trace::{CallEnd, CallResult, Effect, EffectKind, OutputDigest};

    use super::{CallsOfRun, locate};
    use crate::{Cost, Deviation};

    fn end(function: &str, output: &str, fuel: u64) -> CallEnd {
        let output = OutputDigest::of(output.as_bytes());
        let result = CallResult::Value;
        CallEnd { function: function.into(), result, first_event: 0, events: 0, fuel, output }
    }

    #[test]
    fn a_deviation_is_in_the_calls_whose_lines_fuel_or_effects_are_others() {
        let none = BTreeMap::new();
        let usual = [end("add", "1", 10), end("get", "a", 10), end("add", "2", 10)];
        let run = [end("add", "1", 12), end("get", "b", 10), end("add", "3", 900)];
        let (usual, other) =
            (CallsOfRun { ends: &usual, effects: &none }, CallsOfRun { ends: &run, effects: &none });
        let words = |deviation: &Deviation| locate(deviation, other, &[usual]).words();
        assert_eq!(words(&Deviation::Output), ", in get and call 3 (add)");
        assert_eq!(words(&Deviation::Cost(Cost::Fuel)), ", in call 3 (add)");
        assert_eq!(words(&Deviation::Cost(Cost::Memory)), "");
        assert_eq!(words(&Deviation::Ending), "");
        assert_eq!(locate(&Deviation::Output, other, &[]).words(), "", "nothing to compare with");
        let effect = |subject: &str| Effect {
            kind: EffectKind::NetworkConnect,
            subject: subject.into(),
            failed: None,
        };
        let effects = BTreeMap::from([(effect("tcp://a:1"), 2)]);
        let other = CallsOfRun { ends: &run, effects: &effects };
        let new = |subjects: &[&str]| Deviation::New(subjects.iter().map(|it| effect(it)).collect());
        assert_eq!(locate(&new(&["tcp://a:1"]), other, &[usual]).words(), ", in get");
        assert!(locate(&new(&["tcp://a:1", "tcp://b:1"]), other, &[usual]).is_empty(), "one is in no call");
        assert!(locate(&Deviation::New(BTreeSet::new()), CallsOfRun { ends: &[], ..other }, &[]).is_empty());
    }

    #[test]
    fn a_call_that_does_not_return_is_where_the_run_ends_differently() {
        let none = BTreeMap::new();
        let usual = [end("a", "1", 1), end("b", "1", 1)];
        let (mut run, mut left) = (usual.clone(), usual.clone());
        run[0].result = CallResult::Stopped;
        run[1].result = CallResult::NotMade;
        let of = |ends| CallsOfRun { ends, effects: &none };
        assert_eq!(locate(&Deviation::Ending, of(&run), &[of(&usual)]).words(), ", in a");
        assert_eq!(locate(&Deviation::Output, of(&run), &[of(&usual)]).words(), ", in a");
        left[1].result = CallResult::Error;
        assert_eq!(locate(&Deviation::Ending, of(&left), &[of(&usual)]).words(), ", in b");
    }
}
