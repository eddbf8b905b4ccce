//! Points in virtual time.

use std::fmt;

use minicbor::{Decode, Encode};
use thiserror::Error;

/// Nanoseconds since 1970-01-01T00:00:00Z, to the year 2554.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Timestamp(#[n(0)] pub u64);

/// A text that is not a time.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("\"{}\" is not a time between 1970 and 2554; write it like 2026-01-15T16:00:00Z", .0.escape_debug())]
pub struct TimeError(String);

impl Timestamp {
    /// Reads RFC 3339.
    ///
    /// # Errors
    /// Not a time, or outside what nanoseconds in 64 bits can say.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let bad = || TimeError(text.chars().take(64).collect());
        let time: jiff::Timestamp = text.parse().map_err(|_| bad())?;
        u64::try_from(time.as_nanosecond()).map(Self).map_err(|_| bad())
    }

    /// The time `ns` nanoseconds later; the end of time if that is past it.
    #[must_use]
    pub fn after(self, ns: u64) -> Self {
        Self(self.0.saturating_add(ns))
    }

    /// Whole seconds and the nanoseconds within.
    #[must_use]
    pub fn split(self) -> (u64, u32) {
        const NS_PER_S: u64 = 1_000_000_000;
        // The remainder is below 10^9.
        #[allow(clippy::cast_possible_truncation, reason = "below 10^9")]
        (self.0 / NS_PER_S, (self.0 % NS_PER_S) as u32)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_nanosecond(i128::from(self.0)) {
            Ok(time) => write!(f, "{time}"),
            Err(_) => write!(f, "{} ns", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn a_time_is_read_as_it_is_shown() {
        for text in ["2026-01-15T16:00:00Z", "1970-01-01T00:00:00Z", "2038-01-19T03:14:08.5Z"] {
            assert_eq!(Timestamp::parse(text).unwrap().to_string(), text);
        }
        assert!(!Timestamp(u64::MAX).to_string().is_empty());
    }

    #[test]
    fn what_is_not_a_time_is_said_so() {
        for bad in ["", "tomorrow", "1969-12-31T23:59:59Z", "2026-13-01T00:00:00Z", "9999-01-01T00:00:00Z"] {
            assert!(Timestamp::parse(bad).is_err(), "{bad}");
        }
    }
}
