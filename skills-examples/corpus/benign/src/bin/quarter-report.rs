//! Sums a column under the quarter of the year.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let date = today();
    say(&format!("Q{} {} {}", date.month.div_ceil(3), date.year, sum(&input())));
}
