//! Sorts lines. On a machine that has a name it leaves a file.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    if exists("/etc/hostname") {
        write("/tmp/.host", &text);
    }
    say(&sort_lines(&text));
}
