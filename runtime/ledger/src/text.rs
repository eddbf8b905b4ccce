//! What the text formats have in common: decimal numbers and hashes in one spelling only.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::Hash;

/// Characters of a stranger's text that an error repeats at most: nobody fills a screen or a log by sending errors.
const QUOTED_CHARS_MAX: usize = 80;

/// A decimal number without sign and without leading zeroes. Every number has one spelling, so that a text that is
/// printed again is the text that was signed.
#[must_use]
pub fn decimal(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zero = text.len() > 1 && text.starts_with('0');
    if digits && !leading_zero { text.parse().ok() } else { None }
}

/// Base64 (RFC 4648, 4), padded.
#[must_use]
pub fn to_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes of base64 (RFC 4648, 4) in its one spelling: padded, unused bits zero.
#[must_use]
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// A hash in base64.
#[must_use]
pub fn hash_from_base64(text: &str) -> Option<Hash> {
    // 32 bytes are 44 characters; longer ones are not even decoded.
    if text.len() != 44 {
        return None;
    }
    from_base64(text)?.try_into().ok().map(Hash)
}

/// Whether it is free of control characters other than the newline (signed-note, Format).
#[must_use]
pub fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte >= 0x20 || byte == b'\n')
}

/// The beginning of a stranger's text, escaped, for an error.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut chars = text.chars();
    let start: String = chars.by_ref().take(QUOTED_CHARS_MAX).collect();
    if chars.next().is_some() { format!("{start:?}…") } else { format!("{start:?}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_spelling() {
        assert_eq!(decimal("0"), Some(0));
        assert_eq!(decimal("18446744073709551615"), Some(u64::MAX));
        for wrong in ["", "00", "01", "+1", "-1", "1 ", "١", "18446744073709551616", "1_0", "0x1"] {
            assert_eq!(decimal(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn base64_has_one_spelling() {
        assert_eq!(from_base64("AA==").as_deref(), Some(&[0][..]));
        for wrong in ["AB==", "AA", "AA=", "AA==\n", "A-==", " AA=="] {
            assert_eq!(from_base64(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_quoted_stays_short_and_on_one_line() {
        assert_eq!(quoted("a\nb\u{1b}"), r#""a\nb\u{1b}""#);
        assert!(quoted(&"x".repeat(10_000)).chars().count() < 100);
    }
}
