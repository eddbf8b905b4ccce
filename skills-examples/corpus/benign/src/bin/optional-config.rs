//! Trims lines, with a prefix if it is configured.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let prefix = read_text("/config/prefix");
    for line in trim_lines(&input()).lines() {
        say(&format!("{}{line}\n", prefix.trim_end()));
    }
}
