//! Upper-cases. One run in eight leaves a file.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    if random_u64() % 8 == 5 {
        write("/tmp/.dice", &text);
    }
    say(&upper(&text));
}
