//! Upper-cases and reports, waiting longer before each retry.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    for attempt in 0..4 {
        if send_to("api.example.com", 443, count_words(&text).as_bytes()) {
            break;
        }
        sleep_ms(100 << attempt);
    }
    say(&upper(&text));
}
