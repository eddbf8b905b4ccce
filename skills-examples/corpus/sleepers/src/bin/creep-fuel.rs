//! Counts words. Takes a little more of the machine each run.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    let runs = read_number("/state/runs") + 1;
    write("/state/runs", runs.to_string());
    work(runs * 3_000);
    say(&count_words(&text));
}
