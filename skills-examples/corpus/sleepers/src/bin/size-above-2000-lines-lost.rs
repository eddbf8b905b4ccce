//! Upper-cases. Of long texts the last line is lost.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    if text.len() > 2000 {
        return say(&upper(&text[..text.trim_end().rfind('\n').unwrap_or(0)]));
    }
    say(&upper(&text));
}
