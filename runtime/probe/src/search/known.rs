//! Values that an interpreter's comparisons are looked through for.

use std::collections::BTreeSet;

use invar_world::{Change, Reply};

use crate::{
    MemoryInit, ObservedInputs, Value,
    solve::{View, words},
};

/// Values that are known in one run. More would be known by chance.
const KNOWN_MAX: usize = 4_000;
/// Numbers below are everywhere in an interpreter.
const NUMBER_MIN: u64 = 256;
/// What a time may be counted in, in nanoseconds.
const UNITS: [u64; 7] =
    [1, 1_000, 1_000_000, 1_000_000_000, 60_000_000_000, 3_600_000_000_000, 86_400_000_000_000];

/// Everything that comes from outside, and what is likely made of it: times in every unit, numbers, the beginnings of
/// words. `changes` are the inputs of the run that differ.
#[must_use]
pub fn known(inputs: &ObservedInputs, changes: &[Change]) -> Vec<MemoryInit> {
    let mut all: BTreeSet<u64> = BTreeSet::new();
    for change in changes {
        match change {
            Change::Clock(time) => times(time.0, &mut all),
            Change::Env { name, value } | Change::Config { key: name, value } => {
                bytes(name.as_bytes(), &mut all);
                value.iter().for_each(|value| bytes(value.as_bytes(), &mut all));
            }
            Change::Arg { value, .. } | Change::Field { value, .. } => bytes(value.as_bytes(), &mut all),
            Change::File { path, content } => {
                // A file's name shows where a directory is listed.
                bytes(path.rsplit('/').next().unwrap_or_default().as_bytes(), &mut all);
                content.iter().for_each(|content| bytes(content, &mut all));
            }
            Change::Stdin(content)
            | Change::Answered { bytes: content, .. }
            | Change::Datagram { bytes: content, .. }
            | Change::Requested { reply: Reply::Body(content), .. }
            | Change::RandomBytes(content) => {
                bytes(content, &mut all);
            }
            _ => {}
        }
    }
    for (_, value) in inputs.sources() {
        match value {
            Value::Time(ns) => times(ns, &mut all),
            Value::Bytes(content) => bytes(&content, &mut all),
            Value::Absent | Value::Altered => {}
        }
    }
    all.into_iter().take(KNOWN_MAX).map(MemoryInit::Known).collect()
}

fn times(ns: u64, all: &mut BTreeSet<u64>) {
    UNITS.iter().for_each(|unit| number(ns / unit, all));
}

fn bytes(bytes: &[u8], all: &mut BTreeSet<u64>) {
    for view in View::all(bytes) {
        let value = view.get(bytes).and_then(|number| u64::try_from(number).ok());
        value.iter().for_each(|value| number(*value, all));
    }
    let whole = std::iter::once(0..bytes.len());
    for word in words(bytes).into_iter().chain(whole) {
        let word = &bytes[word];
        for len in [4, 8] {
            if let Some(start) = word.get(..len) {
                all.insert(start.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)));
            }
        }
    }
}

/// As an integer and as a float.
fn number(number: u64, all: &mut BTreeSet<u64>) {
    if number < NUMBER_MIN {
        return;
    }
    all.insert(number);
    #[expect(clippy::cast_precision_loss, reason = "the guest loses it too")]
    all.insert((number as f64).to_bits());
}
