//! A file that counts: which run it is that finds what was solved for.

use invar_world::Change;

use crate::{
    BASELINE_RUNS, LabError, Pattern, TriggerKind, class::environment::solved::query::PartQuery,
    results::Part,
};

/// How a number stands in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// The digits of base ten after so many other numbers.
    Decimal(usize),
    /// The whole is digits of base sixteen.
    Hexadecimal,
    /// The whole is bytes, the least first.
    Little,
    /// The whole is bytes, the greatest first.
    Big,
    /// How many bytes there are.
    Length,
    /// How many lines there are.
    Lines,
}

const READINGS: [Reading; 8] = [
    Reading::Decimal(0),
    Reading::Decimal(1),
    Reading::Decimal(2),
    Reading::Hexadecimal,
    Reading::Little,
    Reading::Big,
    Reading::Length,
    Reading::Lines,
];

impl Reading {
    fn of(self, content: &[u8]) -> Option<i128> {
        let text = || std::str::from_utf8(content).ok();
        match self {
            Self::Decimal(nth) => {
                let text = text()?;
                let mut numbers =
                    text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
                numbers.nth(nth)?.parse().ok()
            }
            Self::Hexadecimal => i128::from_str_radix(text()?.trim(), 16).ok(),
            Self::Little | Self::Big if !matches!(content.len(), 1 | 2 | 4 | 8) => None,
            Self::Little => Some(content.iter().rev().fold(0, |n, byte| n << 8 | i128::from(*byte))),
            Self::Big => Some(content.iter().fold(0, |n, byte| n << 8 | i128::from(*byte))),
            Self::Length => i128::try_from(content.len()).ok(),
            Self::Lines => i128::try_from(content.iter().filter(|byte| **byte == b'\n').count()).ok(),
        }
    }

    /// The content with another number in its place; none if that cannot be written.
    fn put(self, content: &[u8], number: i128) -> Option<Vec<u8>> {
        let number = u64::try_from(number).ok()?;
        match self {
            Self::Decimal(nth) => {
                let text = std::str::from_utf8(content).ok()?;
                let digits =
                    text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty()).nth(nth)?;
                let start = digits.as_ptr() as usize - text.as_ptr() as usize;
                let width = if digits.starts_with('0') { digits.len() } else { 0 };
                Some(
                    format!("{}{number:0width$}{}", &text[..start], &text[start + digits.len()..])
                        .into_bytes(),
                )
            }
            Self::Hexadecimal => {
                let width = content.trim_ascii().len();
                let rest = &content[width..];
                Some([format!("{number:0width$x}").as_bytes(), rest].concat())
            }
            Self::Little => Some(number.to_le_bytes()[..content.len()].to_vec()),
            Self::Big => Some(number.to_be_bytes()[8 - content.len()..].to_vec()),
            Self::Length => {
                const BYTES_MAX: u64 = 1 << 20;
                let mut all = content.to_vec();
                let byte = content.last().copied().unwrap_or(b'.');
                all.resize(usize::try_from(number.min(BYTES_MAX)).ok()?, byte);
                Some(all)
            }
            Self::Lines => {
                let line = content.split_inclusive(|byte| *byte == b'\n').next()?;
                const LINES_MAX: u64 = 1 << 16;
                Some(line.repeat(usize::try_from(number.min(LINES_MAX)).ok()?))
            }
        }
    }
}

/// A counter: how it is read, and what it holds before which run.
struct Counter {
    reading: Reading,
    path: String,
    like: Vec<u8>,
    /// Before this run…
    run: u32,
    /// …it holds this…
    value: i128,
    /// …and so much more before each one after it.
    step: i128,
}

impl Counter {
    /// The way of reading by which the file goes in equal steps from run to run.
    fn find(path: &str, of: u32, query: &PartQuery<'_>) -> Option<Self> {
        let (one, two) = (BASELINE_RUNS - 1, BASELINE_RUNS);
        if of <= two {
            return None;
        }
        let [first, second, last] = [one, two, of].map(|run| query.lab.content(run, path));
        let (first, second, last) = (first?, second?, last?);
        READINGS.into_iter().find_map(|reading| {
            let [a, b, z] = [&first, &second, &last].map(|content| reading.of(content));
            let (a, b, z) = (a?, b?, z?);
            let step = b - a;
            let is_even = step != 0 && z - b == step * i128::from(of - two);
            let (like, path) = (last.clone(), path.to_owned());
            is_even.then_some(Self { reading, path, like, run: of, value: z, step })
        })
    }

    /// The run before which the file holds this.
    fn run_of(&self, value: i128) -> Option<u32> {
        let steps = value - self.value;
        (steps % self.step == 0).then(|| i128::from(self.run) + steps / self.step)?.try_into().ok()
    }

    /// The file as it is before a run.
    fn before(&self, run: u32) -> Option<Change> {
        let value = self.value + self.step * (i128::from(run) - i128::from(self.run));
        let content = self.reading.put(&self.like, value)?;
        Some(Change::File { path: self.path.clone(), content: Some(content) })
    }
}

/// Runs that are made one after the other to see at which of them it fires.
const FORWARD_RUNS_MAX: u32 = 2_500;

/// Runs whose state is put in place to see at which of them it fires.
const PLACED: u32 = 64;

/// Runs that were made one after the other, and those of them at which it fired.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted<'a> {
    pub(super) fired: &'a [u32],
    /// The last of them.
    pub(super) total: u32,
    /// The run that they went on from.
    pub(super) of: u32,
    /// What passed between two of them, in words; none: nothing.
    pub(super) apart: Option<&'static str>,
}

/// Says at which runs it fires.
pub(super) fn counted(part: &mut Part, Counted { fired, total, of, apart }: Counted<'_>) {
    let pattern = Pattern::of(fired, total);
    part.kind = TriggerKind::ExecutionCount;
    part.first_run = fired.first().copied();
    part.period = pattern.period();
    part.condition = pattern.words(fired);
    if let Some(apart) = apart {
        part.condition = format!("{}, with {apart} between two runs from run {of} on", part.condition);
    }
}

/// Says at which runs it fires, if the file counts runs; `false` if it does not.
pub(super) fn narrow(
    part: &mut Part,
    path: &str,
    content: &[u8],
    query: &mut PartQuery<'_>,
) -> Result<bool, LabError> {
    let Some(counter) = Counter::find(path, query.of, query) else { return Ok(false) };
    let Some(solved) = counter.reading.of(content).and_then(|value| counter.run_of(value)) else {
        return Ok(false);
    };
    let fires = |run: u32, query: &mut PartQuery<'_>| -> Result<bool, LabError> {
        match counter.before(run) {
            Some(change) => Ok(query.show(&[change])? == [true]),
            None => Ok(false),
        }
    };
    if !fires(solved, query)? {
        return Ok(false);
    }
    part.kind = TriggerKind::ExecutionCount;
    let later: Vec<bool> = [1, 2, 5, 100]
        .iter()
        .map(|more| fires(solved.saturating_add(*more), query))
        .collect::<Result<_, _>>()?;
    let is_threshold = later.iter().all(|fired| *fired);
    let first = match is_threshold {
        true => {
            let (mut low, mut high) = (counter.run, solved);
            while high > low + 1 {
                let middle = low.midpoint(high);
                if fires(middle, query)? { high = middle } else { low = middle }
            }
            high
        }
        false => solved,
    };
    let pattern = match is_threshold {
        true => Pattern::From { first },
        false => repeats(&counter, first, &fires, query)?,
    };
    let first = match pattern {
        Pattern::Every { first, .. } | Pattern::From { first } | Pattern::Mostly { first, .. } => first,
        Pattern::Once { run } => run,
        Pattern::Irregular => first,
    };
    part.first_run = Some(first);
    part.period = pattern.period();
    part.bisected = true;
    part.condition = match pattern {
        Pattern::Irregular => format!("run {first}"),
        pattern => pattern.words(&[first]),
    };
    if let Some(change) = counter.before(first) {
        part.value = Part::of(part.source.clone(), change.clone()).value;
        part.change = change;
    }
    Ok(true)
}

/// Whether it fires again, and every how many runs.
fn repeats(
    counter: &Counter,
    solved: u32,
    fires: &dyn Fn(u32, &mut PartQuery<'_>) -> Result<bool, LabError>,
    query: &mut PartQuery<'_>,
) -> Result<Pattern, LabError> {
    // Far away or near, whole periods are found by the numbers that divide what was solved for, and by those near it.
    let near: Vec<u32> = (1..=PLACED).collect();
    let divisors =
        (PLACED + 1..=FORWARD_RUNS_MAX.min(solved)).filter(|period| solved.is_multiple_of(*period));
    let around: Vec<u32> = (1..=FORWARD_RUNS_MAX)
        .filter(|period| {
            solved.saturating_sub(1).is_multiple_of(*period)
                || solved.saturating_add(1).is_multiple_of(*period)
        })
        .collect();
    for period in near.into_iter().chain(divisors).chain(around) {
        let again = |times: u32| solved.saturating_add(period.saturating_mul(times));
        if !fires(again(1), query)? || !fires(again(2), query)? || !fires(again(3), query)? {
            continue;
        }
        // The first that is still to come when counting from the start.
        let mut first = solved;
        while first > period && first - period > counter.run && fires(first - period, query)? {
            first -= period;
        }
        return Ok(Pattern::Every { first, period });
    }
    Ok(Pattern::Once { run: solved })
}
