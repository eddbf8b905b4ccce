//! Tests with a stated chance of a false alarm.

pub(crate) mod association;
pub(crate) mod drift;
pub(crate) mod hypergeometric;
pub(crate) mod period;
mod ranks;
#[cfg(test)]
mod stream;
mod wilson;

pub(crate) use wilson::wilson;

/// A count as a number that is calculated with.
#[allow(clippy::cast_precision_loss, reason = "counts of a log are far below 2^53")]
pub(crate) fn real(count: usize) -> f64 {
    count as f64
}
