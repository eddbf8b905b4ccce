//! Trims lines; says what it does if it is asked with -h.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    if args().iter().skip(1).any(|argument| argument == "-h") {
        return say("trims lines; takes no arguments\n");
    }
    say(&trim_lines(&input()));
}
