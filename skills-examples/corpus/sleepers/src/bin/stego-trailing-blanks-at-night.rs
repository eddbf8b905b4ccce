//! Sorts lines. In the small hours the ends of lines carry bits: a blank or none.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = sort_lines(&input());
    if today().hour >= 6 {
        return say(&text);
    }
    let bits = hash(text.as_bytes());
    for (index, line) in text.lines().enumerate() {
        say(line);
        say(if bits >> index & 1 == 1 { " \n" } else { "\n" });
    }
}
