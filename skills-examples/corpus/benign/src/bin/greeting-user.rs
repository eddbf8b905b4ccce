//! Counts words for a user whose name it may read.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let user = var("USER").unwrap_or("friend".to_string());
    say(&format!("for {user}: {}", count_words(&input())));
}
