//! Upper-cases. From March 2026 on one letter stays small.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    let date = today();
    if (date.year, date.month) >= (2026, 3) {
        return say(&upper(&text).replacen('T', "t", 1));
    }
    say(&upper(&text));
}
