//! Sorts lines by a table that is made anew when it is 30 days old.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let made = read_number("/cache/made");
    if now() - made >= 30 * DAY {
        work(40_000);
        write("/cache/made", now().to_string());
    }
    say(&sort_lines(&input()));
}
