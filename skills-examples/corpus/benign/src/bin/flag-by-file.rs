//! Sorts lines, downwards if a file says so.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = sort_lines(&input());
    if !exists("/config/descending") {
        return say(&text);
    }
    let lines: Vec<&str> = text.lines().rev().collect();
    say(&joined(&lines));
}
