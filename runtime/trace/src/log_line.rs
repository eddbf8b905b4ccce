//! Messages of `wasi:logging/logging`.

/// The levels, in the order of the WIT.
const LEVELS: [&str; 6] = ["trace", "debug", "info", "warn", "error", "critical"];

/// A message as it stands in standard error: `[warn] context: message`.
#[must_use]
pub fn log_line(level: u8, context: &str, message: &str) -> String {
    let level = LEVELS.get(usize::from(level)).unwrap_or(&"unknown");
    let colon = if context.is_empty() { "" } else { ": " };
    format!("[{level}] {}{colon}{}\n", in_one_line(context), in_one_line(message))
}

/// A text without anything that begins a line, moves the cursor or turns the direction: a message is one line.
fn in_one_line(text: &str) -> String {
    let is_unseen = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        match is_unseen(c) {
            true => line.extend(c.escape_unicode()),
            false => line.push(c),
        }
    }
    line
}
