//! Messages of `wasi:logging/logging`.

use crate::unseen::in_one_line;

/// The levels, in the order of the WIT.
const LEVELS: [&str; 6] = ["trace", "debug", "info", "warn", "error", "critical"];

/// A message as it stands in standard error, in one line: `[warn] context: message`.
#[must_use]
pub fn log_line(level: u8, context: &str, message: &str) -> String {
    let level = LEVELS.get(usize::from(level)).unwrap_or(&"unknown");
    let colon = if context.is_empty() { "" } else { ": " };
    format!("[{level}] {}{colon}{}\n", in_one_line(context), in_one_line(message))
}
