//! Host time, to inform: it never enters a run or a verdict.

#![expect(
    clippy::disallowed_methods,
    reason = "real time is shown beside the virtual, and used for nothing else"
)]

use std::time::Instant;

/// Time since it was made.
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}
