//! Counts lines, words and bytes of standard input.

use std::io::Read;

fn main() {
    let mut text = Vec::new();
    std::io::stdin().read_to_end(&mut text).expect("standard input can be read");
    let lines = text.iter().filter(|byte| **byte == b'\n').count();
    let words = text.split(|byte| byte.is_ascii_whitespace()).filter(|word| !word.is_empty()).count();
    println!("{lines} lines, {words} words, {} bytes", text.len());
}
