//! Escapes untrusted text for a terminal.
//!
//! Names in components, file names, values of documents and messages of libraries are part of our messages. None of them may
//! move the cursor, reverse the direction of the text, be invisible, or look like a line that we wrote.

pub(crate) use invar_trace::{in_one_line as line, is_unseen};

/// What begins a line that is quoted: it was part of a message, and is no line of ours.
const QUOTE: &str = "  | ";

/// Lines of one message that are shown. Stops a message made of newlines from scrolling everything else away.
const LINES_MAX: usize = 40;
/// Characters of one message that are shown. Stops a name of megabytes from filling the terminal.
const CHARS_MAX: usize = 16 * 1024;

/// A message with nothing in it that is not seen, whatever it holds: the first line as it is, the others quoted.
pub(crate) fn message(text: &str) -> String {
    let mut shown = String::new();
    let mut chars_left = CHARS_MAX;
    let text = text.trim_end_matches('\n');
    for (number, part) in text.split('\n').enumerate() {
        if number == LINES_MAX || chars_left == 0 {
            shown.push_str(&format!("\n{QUOTE}…"));
            break;
        }
        if number > 0 {
            shown.push('\n');
            shown.push_str(QUOTE);
        }
        // A carriage return at the end of a line is part of its newline.
        let part = part.strip_suffix('\r').unwrap_or(part);
        let cut: String = part.chars().take(chars_left).collect();
        let cut_chars = cut.chars().count();
        chars_left -= cut_chars;
        shown.push_str(&line(&cut));
        if cut.len() < part.len() {
            shown.push('…');
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_not_seen_is_written_out() {
        for (text, shown) in [
            ("plain é 漢 \"q\" \\", "plain é 漢 \"q\" \\"),
            ("\u{1b}[2J\u{1b}[32mCONSISTENT", "\\u{1b}[2J\\u{1b}[32mCONSISTENT"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("a\u{202e}gpj.exe", "a\\u{202e}gpj.exe"),
            ("a\u{200b}b\u{feff}c\u{e0041}", "a\\u{200b}b\\u{feff}c\\u{e0041}"),
            ("over\rwritten\u{8}", "over\\u{d}written\\u{8}"),
            ("a\u{2028}b", "a\\u{2028}b"),
        ] {
            assert_eq!(message(text), shown);
        }
    }

    #[test]
    fn no_lineof_a_message_but_the_first_is_ours() {
        assert_eq!(message("bad name \"x\nCONSISTENT\""), "bad name \"x\n  | CONSISTENT\"");
        assert_eq!(message("one\r\ntwo\n"), "one\n  | two");
        assert_eq!(line("one\ntwo"), "one\\u{a}two");
    }

    #[test]
    fn a_message_without_end_is_cut() {
        let lines = message(&"x\n".repeat(100_000));
        assert_eq!(lines.lines().count(), LINES_MAX + 1);
        let long = message(&"x".repeat(10_000_000));
        assert!(long.chars().count() <= CHARS_MAX + 1 && long.ends_with('…'));
    }

    proptest! {
        #[test]
        fn nothing_unseen_gets_through(text: String) {
            let shown = message(&text);
            for (number, line) in shown.split('\n').enumerate() {
                prop_assert!(number == 0 || line.starts_with(QUOTE));
                prop_assert!(!line.chars().any(is_unseen));
            }
        }
    }
}
