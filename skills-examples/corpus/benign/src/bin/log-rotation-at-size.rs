//! Counts words and logs that it did. A log of 120 bytes is put aside.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    append("/logs/app.log", "counted words\n");
    if stat("/logs/app.log").is_some_and(|stat| stat.len >= 120) {
        rename("/logs/app.log", "/logs/app.log.1");
    }
    say(&count_words(&text));
}
