//! Finds the longest line, and says how large its own state is.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    append("/state/runs", "x");
    let len = stat("/state/runs").map_or(0, |stat| stat.len);
    say(&format!("{}state: {len} bytes\n", longest_line(&input())));
}
