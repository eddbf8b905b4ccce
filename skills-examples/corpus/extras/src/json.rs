//! Values in flat JSON: as much of it as a small skill reads.

use alloc::format;

/// The text under a key.
pub fn json_text<'a>(json: &'a str, key: &str) -> Option<&'a str> {
    let value = value(json, key)?.strip_prefix('"')?;
    value.split_once('"').map(|(text, _)| text)
}

/// The whole number under a key.
pub fn json_number(json: &str, key: &str) -> Option<u64> {
    let value = value(json, key)?;
    let end = value.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(value.len());
    value[..end].parse().ok()
}

/// What stands behind a key.
fn value<'a>(json: &'a str, key: &str) -> Option<&'a str> {
    let (_, rest) = json.split_once(&format!("\"{key}\""))?;
    Some(rest.trim_start().strip_prefix(':')?.trim_start())
}
