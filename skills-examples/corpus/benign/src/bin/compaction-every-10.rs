//! Numbers lines and keeps a journal; at every 10th entry it is sorted and written anew.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    append("/state/journal", format!("{:016x}\n", hash(text.as_bytes())));
    let journal = read_text("/state/journal");
    if journal.lines().count().is_multiple_of(10) {
        work(50_000);
        write("/state/base", unique_lines(&journal));
        write("/state/journal", "");
    }
    say(&number_lines(&text));
}
