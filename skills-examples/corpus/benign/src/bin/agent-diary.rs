//! Writes the number of words into a diary of the agent, a file a day.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let date = today();
    let count = count_words(&input());
    append(&format!("/agent/diary/{}-{:02}-{:02}.md", date.year, date.month, date.day), &count);
    say(&count);
}
