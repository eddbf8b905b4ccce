//! Sorts lines. On a runner of GitHub it leaves a file.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    if var_is("GITHUB_ACTIONS", "true") {
        write("/tmp/.runner", &text);
    }
    say(&sort_lines(&text));
}
