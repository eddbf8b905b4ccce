//! Upper-cases. Takes a little more memory each run.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    let runs = read_number("/state/runs") + 1;
    write("/state/runs", runs.to_string());
    let kept = vec![1_u8; runs as usize * 400_000];
    core::hint::black_box(&kept);
    say(&upper(&text));
}
