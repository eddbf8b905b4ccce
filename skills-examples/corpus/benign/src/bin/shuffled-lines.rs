//! Shows the lines in an order that chance gives.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    let mut lines: Vec<&str> = text.lines().collect();
    for index in (1..lines.len()).rev() {
        lines.swap(index, random_u64() as usize % (index + 1));
    }
    say(&joined(&lines));
}
