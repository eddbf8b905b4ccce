//! Sums a column and adds the total to a log that only grows.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    append("/logs/totals.log", sum(&text));
    say(&sum(&text));
}
