//! Sorts lines and tells its service; if that answers that it is busy, it waits and asks once more.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = sort_lines(&input());
    let count = count_words(&text);
    let answer = ask("api.example.com", 443, count.as_bytes()).unwrap_or_default();
    if answer.starts_with(b"busy") {
        sleep_ms(500);
        send_to("api.example.com", 443, count.as_bytes());
    }
    say(&text);
}
