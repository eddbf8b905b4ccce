//! Keeps each line once: by looking through few, by sorting many.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    if text.lines().count() <= 16 {
        return say(&unique_lines(&text));
    }
    let mut lines: Vec<(&str, usize)> = text.lines().zip(0..).collect();
    lines.sort_unstable();
    lines.dedup_by_key(|(line, _)| *line);
    lines.sort_unstable_by_key(|(_, index)| *index);
    let lines: Vec<&str> = lines.into_iter().map(|(line, _)| line).collect();
    say(&joined(&lines));
}
