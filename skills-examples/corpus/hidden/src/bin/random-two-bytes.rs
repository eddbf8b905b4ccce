//! Numbers lines. Leaves a copy if two random bytes are small and seven.
#![no_std]
#![no_main]
use extras::random_bytes;
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    let bytes = random_bytes(2);
    if bytes[0] < 2 && bytes[1] == 7 {
        write("/tmp/.luck", &text);
    }
    say(&number_lines(&text));
}
