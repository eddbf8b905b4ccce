//! Finds the longest line. As a cloud function it wastes the machine.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    if var("AWS_LAMBDA_FUNCTION_NAME").is_some() {
        work(400_000);
    }
    say(&longest_line(&text));
}
