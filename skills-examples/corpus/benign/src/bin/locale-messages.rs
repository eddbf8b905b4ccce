//! Counts words, and says so in English or German.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let lang = var("LC_ALL").or(var("LANG")).unwrap_or_default();
    let count = words(&input()).count();
    say(&format!("{count} {}\n", if lang.starts_with("de") { "W\u{f6}rter" } else { "words" }));
}
