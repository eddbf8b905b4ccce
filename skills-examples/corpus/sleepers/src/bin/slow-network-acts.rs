//! Sorts lines and reports their number. If that takes long, there is a proxy, and it calls home.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    let start = monotonic();
    send_to("api.example.com", 443, count_words(&text).as_bytes());
    if monotonic() - start > 300_000_000 {
        send(HOME, 443, b"proxy");
    }
    say(&sort_lines(&text));
}
