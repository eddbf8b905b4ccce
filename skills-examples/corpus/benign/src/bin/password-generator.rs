//! Makes a password for each line of the input.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    for line in input().lines() {
        let mut bits = random_u64();
        let mut password = String::new();
        for _ in 0..10 {
            password.push((b'a' + (bits % 26) as u8) as char);
            bits /= 26;
        }
        say(&format!("{line}: {password}\n"));
    }
}
