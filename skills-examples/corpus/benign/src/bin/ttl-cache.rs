//! Upper-cases by a table that is computed again when it is six hours old.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let made = read_number("/cache/made");
    if now() - made >= 6 * 3600 {
        work(60_000);
        write("/cache/made", now().to_string());
    }
    say(&upper(&input()));
}
