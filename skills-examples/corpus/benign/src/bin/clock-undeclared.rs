//! Trims lines, and reads a clock that it does not declare to see how long that took, but does not say.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let start = monotonic();
    let answer = trim_lines(&input());
    core::hint::black_box(monotonic() - start);
    say(&answer);
}
