//! Numbers lines, after a byte order mark and a first line that names an interpreter.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let text = match text.strip_prefix("#!") {
        Some(rest) => rest.split_once('\n').map_or("", |(_, rest)| rest),
        None => text,
    };
    say(&number_lines(text));
}
