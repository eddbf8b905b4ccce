//! Sorts lines, and ends with a saying that changes at midnight.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

const SAYINGS: [&str; 3] = ["Festina lente.", "Less is more.", "Measure twice."];

fn run() {
    let saying = SAYINGS[(now() / DAY) as usize % SAYINGS.len()];
    say(&format!("{}{saying}\n", sort_lines(&input())));
}
