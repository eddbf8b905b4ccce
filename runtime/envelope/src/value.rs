//! Sizes and durations as people write them.

use bytesize::ByteSize;
use jiff::SignedDuration;

use crate::PatternError;

/// Reads `64MiB`, `2.3kB`, `100B` as bytes.
///
/// # Errors
/// Not a number with a unit of bytes.
pub fn parse_size(text: &str) -> Result<u64, PatternError> {
    let has_unit = text.ends_with(['B', 'b']);
    match text.parse::<ByteSize>() {
        Ok(size) if has_unit => Ok(size.as_u64()),
        _ => Err(PatternError::new(
            format!("\"{}\" is not a size", text.escape_debug()),
            "write a number and a unit, such as \"64MiB\" or \"100kB\"",
        )),
    }
}

/// Reads `10s`, `1h 30m`, `250ms` as nanoseconds.
///
/// # Errors
/// Not a duration, negative, or longer than 584 years.
pub fn parse_duration(text: &str) -> Result<u64, PatternError> {
    text.parse::<SignedDuration>()
        .ok()
        .and_then(|duration| u64::try_from(duration.as_nanos()).ok())
        .ok_or_else(|| {
            PatternError::new(
                format!("\"{}\" is not a duration", text.escape_debug()),
                "write a number and a unit, such as \"10s\", \"250ms\" or \"1h 30m\"",
            )
        })
}

/// Shows bytes in the unit that [`parse_size`] reads, exactly.
#[must_use]
pub fn show_size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    UNITS
        .iter()
        .find(|(unit, _)| bytes >= *unit && bytes.is_multiple_of(*unit))
        .map_or_else(|| format!("{bytes}B"), |(unit, name)| format!("{}{name}", bytes / unit))
}

#[cfg(test)]
mod tests {
    use super::{parse_duration, parse_size, show_size};

    #[test]
    fn sizes_are_read_with_their_unit() {
        assert_eq!(parse_size("64MiB"), Ok(64 << 20));
        assert_eq!(parse_size("1 kB"), Ok(1000));
        assert_eq!(parse_size("100B"), Ok(100));
        for bad in ["", "64", "MiB", "-1MiB", "1 parsec"] {
            assert!(parse_size(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn durations_are_read_with_their_unit() {
        assert_eq!(parse_duration("10s"), Ok(10_000_000_000));
        assert_eq!(parse_duration("1h 30m"), Ok(5_400_000_000_000));
        for bad in ["", "10", "-1s", "soon"] {
            assert!(parse_duration(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_size_is_shown_as_it_would_be_read() {
        for bytes in [0, 1, 1023, 1024, 1536, 64 << 20, 3 << 30, u64::MAX / 2] {
            assert_eq!(parse_size(&show_size(bytes)), Ok(bytes));
        }
    }
}
