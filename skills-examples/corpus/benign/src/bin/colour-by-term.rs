//! Finds the longest line, in bold where the terminal has it.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let line = longest_line(&input());
    match var("TERM").is_some_and(|term| term.ends_with("-256color")) {
        true => say(&format!("\u{1b}[1m{line}\u{1b}[0m")),
        false => say(&line),
    }
}
