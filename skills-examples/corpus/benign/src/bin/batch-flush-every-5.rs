//! Keeps each line once, gathers its answers, and writes them out together at every 5th run.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let answer = unique_lines(&input());
    append("/state/batch", &answer);
    let batch = read_text("/state/batch");
    if batch.len() >= 5 * answer.len() {
        write("/state/out", &batch);
        write("/state/batch", "");
    }
    say(&answer);
}
