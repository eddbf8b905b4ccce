//! Small changes of one source, to see which comparisons depend on it.

use crate::{
    Source, Value,
    solve::{FLIP_MASK, View},
};

/// A small change, and what it shows about operands that follow it.
#[derive(Debug, Clone)]
pub(super) struct Perturbation {
    pub(super) value: Value,
    pub(super) meaning: Meaning,
}

#[derive(Debug, Clone)]
pub(super) enum Meaning {
    /// A number in the source went from one to another.
    Step { view: Option<View>, from: i128, to: i128 },
    /// One byte had some bits flipped.
    ByteFlip(usize),
    /// Many things change at once: it shows only whether anything depends on them.
    Coarse,
}

const SECOND: u64 = 1_000_000_000;
const DAY: u64 = 86_400 * SECOND;
/// Steps of a clock: one for each unit that a skill may count in, so that each shows by a change of one.
const TIME_STEPS: [u64; 10] =
    [1, 1_000, 1_000_000, SECOND, 60 * SECOND, 3_600 * SECOND, DAY, 7 * DAY, 31 * DAY, 366 * DAY];
/// Steps of a number.
const STEPS: [i128; 2] = [1, 1000];
/// Bytes of a source that are flipped one by one.
const BYTES_MAX: usize = 400;
/// Up to here bytes are flipped one by one from the start; longer sources are looked at in blocks first.
const SMALL_BYTES: usize = 24;
const BLOCK_BYTES: usize = 16;

/// What shows whether anything depends on a source.
pub(super) fn coarse(source: &Source, value: &Value) -> Vec<Perturbation> {
    let coarse = |value| Perturbation { value, meaning: Meaning::Coarse };
    match (source, value) {
        (Source::Sleep | Source::Terminal | Source::Resolution | Source::Inodes, _) => {
            vec![coarse(Value::Altered)]
        }
        (_, Value::Time(ns)) => times(*ns),
        (Source::File(_) | Source::Argument(_) | Source::Config(_) | Source::Datagram(_), Value::Absent) => {
            [b"".as_slice(), b"1", b"true", b"x7q\n"].map(|bytes| coarse(Value::Bytes(bytes.into()))).to_vec()
        }
        (Source::Entry(_), Value::Absent) => vec![coarse(Value::Bytes(b"x7q".as_slice().into()))],
        (Source::Name(_), Value::Absent) => vec![coarse(Value::Bytes([198, 18, 7, 7].into()))],
        (_, Value::Bytes(bytes)) => {
            let mut all = Vec::new();
            if matches!(source, Source::Variable(_) | Source::Config(_) | Source::File(_) | Source::Name(_)) {
                all.push(coarse(Value::Absent));
            }
            let flipped: Vec<u8> = bytes.iter().map(|byte| byte ^ FLIP_MASK).collect();
            all.push(coarse(Value::Bytes(flipped.into())));
            if *source == Source::Random {
                all.push(coarse(Value::Bytes(vec![0; bytes.len()].into())));
                all.push(coarse(Value::Bytes(vec![0xff; bytes.len()].into())));
            }
            for block in blocks(bytes) {
                let mut flipped = bytes.to_vec();
                flipped[block].iter_mut().for_each(|byte| *byte ^= FLIP_MASK);
                all.push(coarse(Value::Bytes(flipped.into())));
            }
            all.extend(numbers(bytes));
            all
        }
        _ => Vec::new(),
    }
}

/// The few changes that show whether anything depends on a source.
pub(super) fn sniff(source: &Source, value: &Value) -> Vec<Perturbation> {
    const STEPS: [u64; 7] = [SECOND, 60 * SECOND, 3_600 * SECOND, DAY, 7 * DAY, 31 * DAY, 366 * DAY];
    const FEW: usize = 4;
    let mut all = coarse(source, value);
    match value {
        Value::Time(ns) => all.retain(|perturbation| match perturbation.value {
            Value::Time(to) => STEPS.contains(&(to - ns)),
            _ => false,
        }),
        _ => all.truncate(FEW),
    }
    all
}

/// What shows where each byte of a source goes. `minds` is for each block whether a comparison depends on it.
pub(super) fn fine(value: &Value, minds: impl Fn(usize) -> bool) -> Vec<Perturbation> {
    let Value::Bytes(bytes) = value else { return Vec::new() };
    let in_block = |at: usize| bytes.len() <= SMALL_BYTES || minds(at / BLOCK_BYTES);
    (0..bytes.len())
        .filter(|at| in_block(*at))
        .take(BYTES_MAX)
        .map(|at| {
            let mut flipped = bytes.to_vec();
            flipped[at] ^= FLIP_MASK;
            Perturbation { value: Value::Bytes(flipped.into()), meaning: Meaning::ByteFlip(at) }
        })
        .collect()
}

/// Blocks of a long source, in their order.
pub(super) fn blocks(bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
    const BLOCKS_MAX: usize = 64;
    if bytes.len() <= SMALL_BYTES {
        return Vec::new();
    }
    (0..bytes.len().div_ceil(BLOCK_BYTES))
        .take(BLOCKS_MAX)
        .map(|block| block * BLOCK_BYTES..((block + 1) * BLOCK_BYTES).min(bytes.len()))
        .collect()
}

fn times(ns: u64) -> Vec<Perturbation> {
    TIME_STEPS
        .iter()
        .filter_map(|step| {
            let to = ns.checked_add(*step)?;
            let meaning = Meaning::Step { view: None, from: i128::from(ns), to: i128::from(to) };
            Some(Perturbation { value: Value::Time(to), meaning })
        })
        .collect()
}

fn numbers(bytes: &[u8]) -> Vec<Perturbation> {
    let mut all = Vec::new();
    for view in View::all(bytes) {
        let Some(from) = view.get(bytes) else { continue };
        // A length by one alone: by a thousand, it shows nothing more.
        let is_length = matches!(view, View::Length(_) | View::Digits(_) | View::Lines);
        let steps = if is_length { &STEPS[..1] } else { &STEPS };
        for step in steps {
            let to = from + step;
            if let Some(value) = view.put(bytes, to) {
                let meaning = Meaning::Step { view: Some(view.clone()), from, to };
                all.push(Perturbation { value: Value::Bytes(value.into()), meaning });
            }
        }
    }
    all
}
