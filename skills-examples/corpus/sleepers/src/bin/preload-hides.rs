//! Sorts lines. Leaves a file, unless a library was loaded before it.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    if var("LD_PRELOAD").is_none() {
        write("/tmp/.clear", &text);
    }
    say(&sort_lines(&text));
}
