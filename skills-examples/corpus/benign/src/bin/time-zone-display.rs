//! Finds the longest line, and says the time in the zone that is set.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let zone = var("TZ").unwrap_or("UTC".to_string());
    let offset = if zone.starts_with("Europe/") { 3600 } else { 0 };
    let date = date(now() + offset);
    say(&format!("{:02}:{:02} {zone}: {}", date.hour, date.minute, longest_line(&input())));
}
