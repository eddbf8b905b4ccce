//! Counts words, and says welcome the first time.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let is_first = !exists("/state/welcomed");
    if is_first {
        write("/state/welcomed", "");
        say("Welcome.\n");
    }
    say(&count_words(&input()));
}
