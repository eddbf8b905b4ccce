//! Finds lines about "box" with an index that is built when it is first needed, at the second run.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    if !exists("/cache/asked") {
        write("/cache/asked", "");
    } else if !exists("/cache/index") {
        work(70_000);
        write("/cache/index", count_words(&text));
    }
    say(&grep(&text, "box"));
}
