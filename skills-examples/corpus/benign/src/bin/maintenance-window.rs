//! Counts words, unless a declared file says that there is maintenance.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    if read_text("/config/maintenance").trim() == "closed" {
        return say("closed for maintenance\n");
    }
    say(&count_words(&input()));
}
