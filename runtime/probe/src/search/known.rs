//! Values that an interpreter's comparisons are looked through for.

use std::collections::BTreeSet;

use crate::{Poke, Told, Value, solve::View};

/// Values that are told by one copy. More would be known by chance.
const KNOWN_MAX: usize = 2_000;
/// Numbers below are everywhere in an interpreter.
const NUMBER_MIN: u64 = 256;

/// Everything that comes from outside, and what is likely made of it: times in every unit, numbers, the beginnings of
/// words.
#[must_use]
pub fn known(told: &Told) -> Vec<Poke> {
    let mut all: BTreeSet<u64> = BTreeSet::new();
    for (_, value) in told.sources() {
        match value {
            Value::Time(ns) => {
                for unit in [
                    1,
                    1_000,
                    1_000_000,
                    1_000_000_000,
                    60_000_000_000,
                    3_600_000_000_000,
                    86_400_000_000_000,
                ] {
                    number(ns / unit, &mut all);
                }
            }
            Value::Bytes(bytes) => {
                for view in View::all(&bytes) {
                    let own = view.get(&bytes).and_then(|number| u64::try_from(number).ok());
                    if let Some(own) = own {
                        number(own, &mut all);
                    }
                }
                for word in crate::solve::words(&bytes) {
                    let own = &bytes[word];
                    for len in [4, 8] {
                        if let Some(start) = own.get(..len) {
                            all.insert(start.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)));
                        }
                    }
                }
            }
            Value::Absent | Value::Otherwise => {}
        }
    }
    all.into_iter().take(KNOWN_MAX).map(Poke::Known).collect()
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
