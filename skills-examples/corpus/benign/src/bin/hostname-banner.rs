//! Trims lines under the name of the host.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let host = var("HOSTNAME").unwrap_or("localhost".to_string());
    say(&format!("{host}\n{}", trim_lines(&input())));
}
