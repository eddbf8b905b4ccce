//! Messages of `wasi:logging/logging`.

/// The levels, in the order of the WIT.
const LEVELS: [&str; 6] = ["trace", "debug", "info", "warn", "error", "critical"];

/// A message as it stands in standard error: `[warn] context: message`.
#[must_use]
pub fn log_line(level: u8, context: &str, message: &str) -> String {
    let level = LEVELS.get(usize::from(level)).unwrap_or(&"unknown");
    let colon = if context.is_empty() { "" } else { ": " };
    format!("[{level}] {context}{colon}{message}\n")
}
