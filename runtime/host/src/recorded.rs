//! Results that are on record.

use std::ops::Deref;

/// A result whose run is on record: signed, and on the disk. Only the host makes one.
#[derive(Debug, Clone)]
pub struct Recorded<T> {
    value: T,
    event: u64,
}

impl<T> Recorded<T> {
    pub(crate) fn new(value: T, event: u64) -> Self {
        Self { value, event }
    }

    /// Index of the run's event in the audit trail.
    #[must_use]
    pub fn event(&self) -> u64 {
        self.event
    }

    /// The result.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for Recorded<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}
