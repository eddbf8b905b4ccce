//! Counts words and tells its service; a null address of the first name means that the second is in charge.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let count = count_words(&input());
    let primary = lookup("api.example.com").filter(|address| *address != [0, 0, 0, 0]);
    if let Some(address) = primary.or_else(|| lookup("backup.example.com")) {
        send(address, 443, count.as_bytes());
    }
    say(&count);
}
