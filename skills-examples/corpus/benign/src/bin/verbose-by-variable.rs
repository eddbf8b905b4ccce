//! Keeps each line once, and says how many if VERBOSE is a number above 1.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = unique_lines(&input());
    let level = var("VERBOSE").and_then(|level| level.parse::<u32>().ok()).unwrap_or(0);
    if level > 1 {
        complain(&format!("{} lines\n", text.lines().count()));
    }
    say(&text);
}
