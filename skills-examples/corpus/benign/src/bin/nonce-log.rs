//! Numbers lines, and logs each run under a random number.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    append("/logs/runs.log", format!("{:08x} ok\n", random_u64() as u32));
    say(&number_lines(&input()));
}
