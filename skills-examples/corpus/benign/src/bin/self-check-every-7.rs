//! Numbers lines. At every 7th run it checks its own files, which takes a while.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let runs = read_number("/state/runs") + 1;
    write("/state/runs", runs.to_string());
    if runs.is_multiple_of(7) {
        work(50_000);
        write("/state/checked", runs.to_string());
    }
    say(&number_lines(&input()));
}
