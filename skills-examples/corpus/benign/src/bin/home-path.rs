//! Numbers lines under the home directory of the user.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let home = var("HOME").unwrap_or("/".to_string());
    say(&format!("{home}/out.txt\n{}", number_lines(&input())));
}
