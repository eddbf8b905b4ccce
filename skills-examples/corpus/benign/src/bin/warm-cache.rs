//! Sums a column by a table that came with it, and would compute it if it were gone.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    if read_text("/cache/table").is_empty() {
        work(80_000);
        write("/cache/table", "rates 1\n");
    }
    say(&sum(&input()));
}
