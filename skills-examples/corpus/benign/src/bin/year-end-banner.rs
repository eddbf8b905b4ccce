//! Finds the longest line, with good wishes in the last days of the year.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let date = today();
    let banner = if date.month == 12 && date.day >= 27 { "A happy new year\n" } else { "" };
    say(&format!("{banner}{}", longest_line(&input())));
}
