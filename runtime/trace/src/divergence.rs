//! Where two runs part.

use crate::{Entry, Event, Header, Trace, TraceError, shortened};

/// How two traces compare, call by call.
#[derive(Debug, Clone, PartialEq)]
pub struct Divergence<'a> {
    /// Calls that are the same in both and got other answers, in order, before the runs part: the answers
    /// from outside that can have made them part.
    pub answers: Vec<(Event<'a>, Event<'a>)>,
    /// How many there are; the list above ends at `ANSWERS_MAX`.
    pub answers_total: u64,
    /// The first call that is not the same in both, if the runs part at all.
    pub step: Option<Step<'a>>,
    /// Inputs that differ before the first call: as much a cause as an answer is.
    pub given: Vec<InputDifference>,
    /// Whether both came to the same: ending, output, and files.
    pub ends_same: bool,
}

/// An input that differs between two runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputDifference {
    /// What.
    pub what: &'static str,
    /// What the first run was given, in one line.
    pub left: String,
    /// What the second run was given.
    pub right: String,
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
/// Bytes of arguments that are shown. Stops a trace with megabytes of them from filling the screen.
const GIVEN_BYTES_MAX: usize = 200;

impl<'a> Divergence<'a> {
    /// Compares two traces.
    ///
    /// Stamps do not count: fuel and time follow from answers. What stands in a frame alone, such as where
    /// a frame begins, does not count either.
    ///
    /// # Errors
    /// An event cannot be read.
    pub fn of(left: &'a Trace, right: &'a Trace) -> Result<Self, TraceError> {
        let (mut lefts, mut rights) = (left.events(), right.events());
        let (one, two) = (left.end()?, right.end()?);
        let mut divergence = Self {
            answers: Vec::new(),
            answers_total: 0,
            step: None,
            given: given(left, right)?,
            ends_same: (&one.ending, one.stdout, one.stderr, one.files)
                == (&two.ending, two.stdout, two.stderr, two.files),
        };
        for number in 0.. {
            let (one, two) = (lefts.next().transpose()?, rights.next().transpose()?);
            match (one, two) {
                (None, None) => break,
                (Some(one), Some(two)) if one.function == two.function && one.request == two.request => {
                    if one.answer != two.answer {
                        divergence.answers_total += 1;
                        if divergence.answers.len() < ANSWERS_MAX {
                            divergence.answers.push((one, two));
                        }
                    }
                }
                (left, right) => {
                    divergence.step = Some(Step { number, left, right });
                    break;
                }
            }
        }
        Ok(divergence)
    }

    /// Whether nothing differs: what they were given, what they called and were answered, and what they came to.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.step.is_none() && self.answers_total == 0 && self.given.is_empty() && self.ends_same
    }
}

/// What no call asks for, or not every skill: the component, how it is called, its input and its arguments.
fn given(left: &Trace, right: &Trace) -> Result<Vec<InputDifference>, TraceError> {
    let (one, two) = (left.header()?, right.header()?);
    let component = |header: &Header| format!("sha256:{}", header.component.short(12));
    let entry = |header: &Header| {
        match header.entry {
            Entry::Command => "wasi:cli/run",
            Entry::Invoke => "invoke",
            Entry::Tool => "calls of exported functions",
        }
        .to_owned()
    };
    let input = |trace: &Trace, header: &Header| {
        // A trace that was kept without its input still names it.
        let bytes = trace.input().map(|input| format!(" ({} bytes)", input.len())).unwrap_or_default();
        format!("sha256:{}{bytes}", header.input.short(12))
    };
    // The program's name is the operator's: a skill that looks at it is answered.
    let arguments = |header: &Header| {
        let args = header.args.iter().skip(1).map(|arg| format!("\"{}\"", arg.escape_debug()));
        shortened(args.collect::<Vec<_>>().join(" "), GIVEN_BYTES_MAX)
    };
    let is_other = [
        ("component", one.component != two.component, component(one), component(two)),
        ("entry point", one.entry != two.entry, entry(one), entry(two)),
        ("input", one.input != two.input, input(left, one), input(right, two)),
        ("arguments", one.args.iter().skip(1).ne(two.args.iter().skip(1)), arguments(one), arguments(two)),
    ];
    let given = is_other.into_iter().filter(|(_, is_other, ..)| *is_other);
    Ok(given.map(|(what, _, left, right)| InputDifference { what, left, right }).collect())
}

#[cfg(test)]
mod tests {
    use invar_world::{Digest, Timestamp, Tree};

    use super::Divergence;
    use crate::{
        End, Ending, Entry, Header, Keep, Memory, OutputDigest, Recorder, Trace,
        testing::{end, header},
    };

    /// A run that makes no call: its behaviour depends on its inputs alone.
    fn run(change: impl FnOnce(&mut Header, &mut End), input: &[u8]) -> Trace {
        let tree = Tree::new(Timestamp(0));
        let mut header = Header {
            entry: Entry::Invoke,
            args: vec!["sample".into(), "one".into()],
            ..header(&tree, input)
        };
        let mut end = End { stdout: OutputDigest::of(b"answer"), ..end(&tree) };
        change(&mut header, &mut end);
        let memory = Memory::new(Keep::All);
        let mut recorder = Recorder::new(&header, Box::new(memory.clone()));
        recorder.begin_with(Some(&tree), input);
        recorder.finish(end).unwrap();
        memory.take()
    }

    #[test]
    fn runs_with_other_input_or_output_are_never_the_same() {
        let plain = run(|_, _| {}, b"x");
        let of = |other: &Trace| {
            let divergence = Divergence::of(&plain, other).unwrap();
            let given: Vec<_> = divergence.given.iter().map(|difference| difference.what).collect();
            (divergence.is_same(), given)
        };
        assert_eq!(of(&run(|_, _| {}, b"x")), (true, vec![]));
        assert_eq!(of(&run(|_, _| {}, b"y")), (false, vec!["input"]));
        assert_eq!(of(&run(|header, _| header.args[1] = "two".into(), b"x")), (false, vec!["arguments"]));
        assert_eq!(of(&run(|header, _| header.args.truncate(1), b"x")), (false, vec!["arguments"]));
        let other = run(|header, _| header.component = Digest::of(b"other"), b"x");
        assert_eq!(of(&other), (false, vec!["component"]));
        assert_eq!(of(&run(|header, _| header.entry = Entry::Command, b"x")), (false, vec!["entry point"]));
        assert_eq!(of(&run(|header, _| header.args[0] = "renamed".into(), b"x")), (true, vec![]));
        assert_eq!(of(&run(|_, end| end.stdout = OutputDigest::of(b"other"), b"x")), (false, vec![]));
        assert_eq!(of(&run(|_, end| end.stderr = OutputDigest::of(b"other"), b"x")), (false, vec![]));
        assert_eq!(of(&run(|_, end| end.files = Digest::of(b"other"), b"x")), (false, vec![]));
        assert_eq!(of(&run(|_, end| end.ending = Ending::Exited(0), b"x")), (false, vec![]));
    }

    #[test]
    fn arguments_of_anybody_stay_in_their_line() {
        let hostile = run(|header, _| header.args[1] = format!("\u{1b}[2J\n{}", "x".repeat(9000)), b"x");
        let plain = run(|_, _| {}, b"x");
        let divergence = Divergence::of(&hostile, &plain).unwrap();
        let left = &divergence.given[0].left;
        assert!(left.starts_with("\"\\u{1b}[2J\\nxx") && left.len() < 300, "{left}");
    }
}
