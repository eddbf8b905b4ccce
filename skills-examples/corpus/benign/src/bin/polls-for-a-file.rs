//! Upper-cases, after it waited for a file up to half a second.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    for _ in 0..5 {
        if exists("/inbox/ready") {
            break;
        }
        sleep_ms(100);
    }
    say(&upper(&input()));
}
