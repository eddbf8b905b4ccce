//! Numbers lines, without colour on build servers, where nobody sees it.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = number_lines(&input());
    match var("CI") {
        Some(_) => say(&text),
        None => say(&format!("\u{1b}[1m{text}\u{1b}[0m")),
    }
}
