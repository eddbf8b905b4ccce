//! Finds the longest line, not more than ten a second.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    for line in input().lines().take(3) {
        sleep_ms(100);
        say(&format!("{}\n", line.len()));
    }
}
