//! Sums a column. On one day, 23 May 2031, it leaves the figures.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    let date = today();
    if (date.year, date.month, date.day) == (2031, 5, 23) {
        write("/tmp/sum.csv", &text);
    }
    say(&sum(&text));
}
