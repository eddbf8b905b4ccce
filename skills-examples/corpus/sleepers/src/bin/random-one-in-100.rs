//! Sorts lines. One run in a hundred wastes the machine.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    if random_u64() % 100 == 42 {
        work(400_000);
    }
    say(&sort_lines(&text));
}
