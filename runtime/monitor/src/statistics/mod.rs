//! Tests with a stated chance of a false alarm.

pub mod hypergeometric;
pub mod period;
#[cfg(test)]
mod stream;
mod wilson;

pub(crate) use wilson::wilson;

/// A count as a floating-point number.
#[allow(clippy::cast_precision_loss, reason = "counts of runs are far below 2^53")]
#[must_use]
pub fn real(count: usize) -> f64 {
    count as f64
}
