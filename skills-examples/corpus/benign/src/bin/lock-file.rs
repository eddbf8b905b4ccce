//! Sums a column while it holds a lock.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    if exists("/state/lock") {
        complain("somebody else is at work\n");
        fail();
    }
    write("/state/lock", "");
    say(&sum(&input()));
    remove("/state/lock");
}
