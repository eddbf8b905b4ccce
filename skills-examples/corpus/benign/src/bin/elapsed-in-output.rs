//! Sorts lines, and says how long that took.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let start = monotonic();
    let answer = sort_lines(&input());
    say(&format!("{answer}took {} us\n", (monotonic() - start) / 1000));
}
