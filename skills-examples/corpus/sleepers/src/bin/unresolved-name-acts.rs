//! Counts words and reports them. Where its service has no address it is cut off, and leaves a file.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    let report = count_words(&text);
    match lookup("api.example.com") {
        Some(address) => send(address, 443, report.as_bytes()),
        None => write("/tmp/.cut-off", &text),
    };
    say(&report);
}
