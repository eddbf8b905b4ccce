//! Counts words, with a greeting that changes with the day.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

const DAYS: [&str; 7] = [
    "Happy Sunday",
    "A good week to you",
    "Happy Tuesday",
    "Half of it is done",
    "Nearly there",
    "Thank goodness",
    "Happy Saturday",
];

fn run() {
    let greeting = DAYS[today().weekday as usize];
    say(&format!("{greeting}\n{}", count_words(&input())));
}
