//! Counts words. On Mondays it writes its weekly report, as it declares.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    let count = count_words(&text);
    if today().weekday == 1 {
        write("/reports/week.txt", &count);
    }
    say(&count);
}
