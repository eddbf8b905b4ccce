//! Sorts lines, and reminds of the licence a year after its first run.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    if !exists("/state/first") {
        write("/state/first", now().to_string());
    }
    if now() - read_number("/state/first") >= 365 * DAY {
        complain("the licence is a year old\n");
    }
    say(&sort_lines(&input()));
}
