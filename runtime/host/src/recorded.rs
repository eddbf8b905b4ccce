//! Results that are on record.

use std::ops::Deref;

/// The audit trail could be written to when it was checked: [`Host::check_ledger`](crate::Host::check_ledger). Saves a second
/// check of what the caller has checked before preparing a run. It promises nothing: what cannot be put on record in the end
/// has no result.
#[derive(Debug, Clone, Copy)]
pub struct CheckedLedger(pub(crate) ());

/// A result that is on record: signed, and on the disk. Only the host makes one.
#[derive(Debug, Clone)]
pub struct Recorded<T> {
    value: T,
    event: u64,
}

impl<T> Recorded<T> {
    pub(crate) fn new(value: T, event: u64) -> Self {
        Self { value, event }
    }

    /// Index of its event in the audit trail: that of the run, or of the verdict of a monitoring. Where a monitoring was
    /// cancelled before its first run was over, there is no verdict, and it is the last event of its record.
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
