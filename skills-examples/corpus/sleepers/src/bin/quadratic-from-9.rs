//! Keeps each line once, in time that grows with the lines; from run 9 with their square.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    let runs = read_number("/state/runs") + 1;
    write("/state/runs", runs.to_string());
    let bytes = text.len() as u64;
    work(if runs >= 9 { bytes * bytes } else { bytes });
    say(&unique_lines(&text));
}
