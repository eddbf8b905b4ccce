//! Sorts lines by way of a file that it makes and takes away.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    write("/tmp/sort/part", input());
    say(&sort_lines(&read_text("/tmp/sort/part")));
    remove("/tmp/sort/part");
}
