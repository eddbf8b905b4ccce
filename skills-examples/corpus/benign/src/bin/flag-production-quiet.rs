//! Sums a column, with a word of explanation outside production.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    if !var_is("NODE_ENV", "production") {
        complain("development: no checks\n");
    }
    say(&sum(&text));
}
