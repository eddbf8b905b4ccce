//! Numbers lines. Always hides a random mark that nobody sees, so that the text can be known again.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = number_lines(&input());
    let mark = random_u64();
    for (index, line) in text.lines().enumerate() {
        say(line);
        say(if mark >> index & 1 == 1 { "\u{200c}\n" } else { "\u{200b}\n" });
    }
}
