//! Upper-cases, and tells what it does if DEBUG is set.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    if var("DEBUG").is_some() {
        complain("upper-casing\n");
    }
    say(&upper(&input()));
}
