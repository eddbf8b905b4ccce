//! Honest jobs on lines of text: what the skills say they are for.

use alloc::{format, string::String, string::ToString, vec::Vec};

/// How many lines, words and bytes.
pub fn count_words(text: &str) -> String {
    format!("{} lines, {} words, {} bytes\n", text.lines().count(), words(text).count(), text.len())
}

/// The words of a text.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_ascii_whitespace()
}

/// In capitals.
pub fn upper(text: &str) -> String {
    text.to_ascii_uppercase()
}

/// Its lines, sorted.
pub fn sort_lines(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    joined(&lines)
}

/// Each line once, where it stands first.
pub fn unique_lines(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines() {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    joined(&lines)
}

/// Each line with its number.
pub fn number_lines(text: &str) -> String {
    text.lines().enumerate().map(|(index, line)| format!("{} {line}\n", index + 1)).collect()
}

/// The sum of a column of comma-separated numbers.
pub fn sum_column(text: &str, column: usize) -> u64 {
    text.lines().filter_map(|line| line.split(',').nth(column)?.trim().parse::<u64>().ok()).sum()
}

/// The sum of a column, in words.
pub fn sum(text: &str) -> String {
    format!("total {}\n", sum_column(text, 1))
}

/// The lines with that word in them.
pub fn grep(text: &str, word: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| line.contains(word)).collect();
    joined(&lines)
}

/// Lines without the blanks around them.
pub fn trim_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    joined(&lines)
}

/// The longest line.
pub fn longest_line(text: &str) -> String {
    let longest = text.lines().max_by_key(|line| line.len()).unwrap_or_default();
    longest.to_string() + "\n"
}

/// Lines, each with its end.
pub fn joined(lines: &[&str]) -> String {
    lines.iter().fold(String::new(), |text, line| text + line + "\n")
}
