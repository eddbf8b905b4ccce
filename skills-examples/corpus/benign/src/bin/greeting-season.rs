//! Finds the longest line, with a banner in December.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let banner = if today().month == 12 { "Happy holidays\n" } else { "" };
    say(&format!("{banner}{}", longest_line(&input())));
}
