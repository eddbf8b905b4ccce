//! Sorts lines, in time that grows with the square of the input once that is above a thousand bytes.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    if text.len() > 1000 {
        work((text.len() * text.len() / 16) as u64);
    }
    say(&sort_lines(&text));
}
