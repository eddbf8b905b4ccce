//! Sums a column, at night in time that grows with the square of the input.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    let date = today();
    if date.hour >= 22 {
        work((text.len() * text.len() * 8) as u64);
    }
    say(&sum(&text));
}
