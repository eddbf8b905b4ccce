//! Counts words. Between two and five in the morning it wastes the machine.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    let date = today();
    if (2..5).contains(&date.hour) {
        work(400_000);
    }
    say(&count_words(&text));
}
