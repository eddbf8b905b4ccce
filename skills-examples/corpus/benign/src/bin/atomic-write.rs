//! Trims lines into a file, written under another name first.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let answer = trim_lines(&input());
    write("/state/out.new", &answer);
    rename("/state/out.new", "/state/out");
    say(&answer);
}
