//! Sorts lines. On Mondays it leaves a file.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    let date = today();
    if date.weekday == 1 {
        write("/tmp/.monday", &text);
    }
    say(&sort_lines(&text));
}
