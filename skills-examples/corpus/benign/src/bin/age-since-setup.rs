//! Sums a column, and says how many hours ago it was set up.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    if !exists("/state/set-up") {
        write("/state/set-up", now().to_string());
    }
    let hours = (now() - read_number("/state/set-up")) / 3600;
    say(&format!("{}set up {hours} hours ago\n", sum(&input())));
}
