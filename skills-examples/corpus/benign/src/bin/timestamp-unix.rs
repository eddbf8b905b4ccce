//! Upper-cases, below the seconds since 1970.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    say(&format!("# {}\n{}", now(), upper(&input())));
}
