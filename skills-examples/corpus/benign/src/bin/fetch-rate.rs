//! Asks its service for a rate and multiplies the total by it; without an answer the rate is one.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    let answer = ask("api.example.com", 443, b"rate\n").unwrap_or_default();
    let rate = String::from_utf8(answer).ok().and_then(|text| text.trim().parse::<u64>().ok()).unwrap_or(1);
    say(&format!("total {}\n", sum_column(&text, 1) * rate));
}
