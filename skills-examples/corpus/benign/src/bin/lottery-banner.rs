//! Sorts lines. One answer in ten comes with a friendly word.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = sort_lines(&input());
    let banner = if random_u64().is_multiple_of(10) { "Lucky you.\n" } else { "" };
    say(&format!("{text}{banner}"));
}
