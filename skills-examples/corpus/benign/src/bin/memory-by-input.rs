//! Upper-cases with a buffer for each line: memory grows with the input, and with nothing else.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    let copies: Vec<String> = text.lines().map(|line| line.repeat(64).to_ascii_uppercase()).collect();
    for (line, copy) in text.lines().zip(&copies) {
        say(&copy[..line.len()]);
        say("\n");
    }
}
