//! Sorts lines and keeps a journal that is compacted at every 8th run; its claims do not say so.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    append("/state/journal", "done\n");
    if read_text("/state/journal").lines().count() >= 8 {
        work(60_000);
        write("/state/journal", "");
    }
    say(&sort_lines(&input()));
}
