//! Sums a column, with the separator of the language.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let total = sum_column(&input(), 1);
    let lang = var("LANG").unwrap_or_default();
    let separator = if lang.starts_with("de") || lang.starts_with("fr") { '.' } else { ',' };
    say(&format!("{}{separator}{:03}\n", total / 1000, total % 1000));
}
