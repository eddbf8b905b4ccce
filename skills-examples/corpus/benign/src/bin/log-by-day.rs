//! Trims lines, and logs to a file that has the name of the day: at midnight it begins another.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let date = today();
    let name = format!("/logs/{}-{:02}-{:02}.log", date.year, date.month, date.day);
    append(&name, "trimmed\n");
    say(&trim_lines(&input()));
}
