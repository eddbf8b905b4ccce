//! Upper-cases. State of an older version, which is here, is brought up to date by the first run.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    if read_text("/state/version").trim() == "1" {
        work(30_000);
        write("/state/version", "2\n");
    }
    say(&upper(&input()));
}
