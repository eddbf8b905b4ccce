//! Upper-cases, and keeps every answer.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let answer = upper(&input());
    append("/state/history", &answer);
    say(&answer);
}
