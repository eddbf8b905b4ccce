//! Counts words by a table that the first run computes and keeps: it costs forty times what later runs do.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    if !exists("/cache/table") {
        work(80_000);
        write("/cache/table", "done");
    }
    say(&count_words(&input()));
}
