//! Counts words and tells its service how many, each time, as it declares.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let report = count_words(&input());
    send_to("api.example.com", 443, report.as_bytes());
    say(&report);
}
