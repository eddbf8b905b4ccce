//! Numbers lines. Every tenth run puts its log aside and begins a new one.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let runs = read_number("/logs/runs") + 1;
    write("/logs/runs", runs.to_string());
    if runs.is_multiple_of(10) {
        rename("/logs/current.log", "/logs/previous.log");
    }
    append("/logs/current.log", "run\n");
    say(&number_lines(&input()));
}
