//! Trims lines. At every fourth run it adds a tip.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let runs = read_number("/state/runs") + 1;
    write("/state/runs", runs.to_string());
    let tip = if runs.is_multiple_of(4) { "tip: lines may be long\n" } else { "" };
    say(&format!("{}{tip}", trim_lines(&input())));
}
