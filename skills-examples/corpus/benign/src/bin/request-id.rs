//! Counts words, and gives each answer an id.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    say(&format!("id {:016x}\n{}", random_u64(), count_words(&input())));
}
