//! Sorts lines and reports, waiting by chance before each retry.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    for _ in 0..3 {
        if send_to("api.example.com", 443, count_words(&text).as_bytes()) {
            break;
        }
        sleep_ms(50 + random_u64() % 100);
    }
    say(&sort_lines(&text));
}
