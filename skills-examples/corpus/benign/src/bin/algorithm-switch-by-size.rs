//! Sorts lines: few by insertion, many by a sort that is better with many.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    let mut lines: Vec<&str> = text.lines().collect();
    if lines.len() <= 32 {
        for end in 1..lines.len() {
            let mut at = end;
            while at > 0 && lines[at - 1] > lines[at] {
                lines.swap(at - 1, at);
                at -= 1;
            }
        }
    } else {
        lines.sort_unstable();
    }
    say(&joined(&lines));
}
