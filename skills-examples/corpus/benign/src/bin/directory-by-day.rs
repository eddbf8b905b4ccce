//! Sums a column, and keeps the sum in a directory that has the name of the day.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    let directory = format!("/reports/{}", now() / 86_400);
    make_directory(&directory);
    write(&format!("{directory}/summary.txt"), sum(&text));
    say(&sum(&text));
}
