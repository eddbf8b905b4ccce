//! Upper-cases. Every sixth run begins a new log and removes the one before the last.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    let runs = read_number("/logs/runs") + 1;
    write("/logs/runs", runs.to_string());
    let log = runs / 6;
    append(&format!("/logs/{log}.log"), "run\n");
    if runs.is_multiple_of(6) && log >= 2 {
        remove(&format!("/logs/{}.log", log - 2));
    }
    say(&upper(&text));
}
