//! Sums a column, with a heading on the first of a month.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let date = today();
    let heading = if date.day == 1 { "A new month\n" } else { "" };
    say(&format!("{heading}{}", sum(&input())));
}
