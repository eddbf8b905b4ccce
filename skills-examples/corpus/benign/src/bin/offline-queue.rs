//! Counts words; reports that could not be sent wait in a file for the next run.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let report = count_words(&input());
    let waiting = read_text("/state/queue") + &report;
    let is_sent = send_to("api.example.com", 443, waiting.as_bytes());
    write("/state/queue", if is_sent { "" } else { &waiting });
    say(&report);
}
