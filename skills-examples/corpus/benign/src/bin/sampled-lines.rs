//! Shows one line of the input, by chance.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    let lines: Vec<&str> = text.lines().collect();
    let line = lines.get(random_u64() as usize % lines.len().max(1)).unwrap_or(&"");
    say(&format!("{line}\n"));
}
