//! Numbers lines, files each answer by the hour, and removes answers that are older than eight hours.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let answer = number_lines(&input());
    let hour = now() / 3600;
    write(&format!("/out/{hour}.txt"), &answer);
    for name in list("/out") {
        let made: u64 = name.trim_end_matches(".txt").parse().unwrap_or(hour);
        if made + 8 < hour {
            remove(&format!("/out/{name}"));
        }
    }
    say(&answer);
}
