//! Sorts the lines of standard input.

use std::io::{Read, Write};

fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).expect("standard input is text");
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort();
    let mut sorted = lines.join("\n");
    sorted.push('\n');
    std::io::stdout().write_all(sorted.as_bytes()).expect("standard output can be written");
}
