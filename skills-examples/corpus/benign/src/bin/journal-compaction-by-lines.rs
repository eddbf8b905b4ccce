//! Finds the longest line. A journal of eight lines is folded into one.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    append("/state/journal", "1\n");
    let journal = read_text("/state/journal");
    if journal.lines().count() >= 8 {
        let total: u64 = journal.lines().filter_map(|line| line.parse::<u64>().ok()).sum();
        write("/state/journal", format!("{total}\n"));
    }
    say(&longest_line(&input()));
}
