//! Sorts lines, and keeps the answer under the checksum of the input.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    let path = format!("/cache/{:016x}", hash(text.as_bytes()));
    let answer = read(&path).and_then(|bytes| String::from_utf8(bytes).ok());
    let answer = answer.unwrap_or_else(|| {
        work(40_000);
        let answer = sort_lines(&text);
        write(&path, &answer);
        answer
    });
    say(&answer);
}
