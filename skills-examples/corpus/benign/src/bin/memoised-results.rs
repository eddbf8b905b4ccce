//! Says how long each word is, and keeps a file of the words that it has met.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    let known = read_text("/cache/words");
    let mut new = String::new();
    for word in words(&text) {
        if !known.lines().any(|own| own == word) && !new.lines().any(|own| own == word) {
            work(2_000);
            new += word;
            new += "\n";
        }
    }
    if !new.is_empty() {
        append("/cache/words", new);
    }
    for word in words(&text).take(5) {
        say(&format!("{word} {}\n", word.len()));
    }
}
