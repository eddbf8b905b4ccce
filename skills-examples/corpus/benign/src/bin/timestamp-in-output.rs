//! Counts words, and says when.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let date = today();
    let (year, month, day) = (date.year, date.month, date.day);
    let time = format!("{year}-{month:02}-{day:02} {:02}:{:02}", date.hour, date.minute);
    say(&format!("{time} {}", count_words(&input())));
}
