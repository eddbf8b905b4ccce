//! Keeps each line once. The first run makes its directory and settings.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    if !exists("/state/settings") {
        make_directory("/state/data");
        write("/state/settings", "version 1\n");
        work(20_000);
    }
    say(&unique_lines(&input()));
}
