//! Sorts lines into all lines that it was ever given, and reads them all each time.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    let all = read_text("/state/all") + &text;
    write("/state/all", &all);
    say(&format!("{} lines so far\n", all.lines().count()));
}
