//! Values that all classes have.

use crate::Event;

/// The name of the product, and of who makes it.
pub(super) const PRODUCT: &str = "Invar";

/// The name of an event of the same log, unlike that of any other.
pub(super) fn uid(event: &Event, index: u64) -> String {
    format!("{}/{index}", event.log)
}

/// A number of 64 bits with a sign; larger ones become the largest.
pub(super) fn clipped(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
