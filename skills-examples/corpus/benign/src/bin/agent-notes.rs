//! Adds the longest line to the notes of an agent, which is what it declares and is for.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let line = longest_line(&input());
    append("/agent/notes.md", format!("- {line}"));
    say(&line);
}
