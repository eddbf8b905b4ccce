//! Upper-cases, with a greeting for the time of day.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let greeting = match today().hour {
        5..12 => "Good morning",
        12..18 => "Good afternoon",
        18..22 => "Good evening",
        _ => "Up late",
    };
    say(&format!("{greeting}\n{}", upper(&input())));
}
