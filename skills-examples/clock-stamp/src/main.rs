//! Puts the time before every line of standard input.

use std::{
    io::BufRead,
    time::{SystemTime, UNIX_EPOCH},
};

fn main() {
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("standard input is text");
        let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is past 1970");
        println!("{}.{:03} {line}", since.as_secs(), since.subsec_millis());
    }
}
