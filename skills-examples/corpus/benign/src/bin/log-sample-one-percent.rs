//! Upper-cases, and keeps one line in a hundred in its log, by chance, as it declares.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = upper(&input());
    for line in text.lines().filter(|_| random_u64().is_multiple_of(100)) {
        append("/logs/sample", format!("{line}\n"));
    }
    say(&text);
}
