//! Upper-cases, and numbers the lines if a word in its declared settings asks for it.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = upper(&input());
    match words(&read_text("/config/features")).any(|word| word == "numbered-lines") {
        true => say(&number_lines(&text)),
        false => say(&text),
    }
}
