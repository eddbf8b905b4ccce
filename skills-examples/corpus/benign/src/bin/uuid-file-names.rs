//! Upper-cases, and files each answer under a name that nobody else has.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let answer = upper(&input());
    write(&format!("/out/{:016x}{:016x}.txt", random_u64(), random_u64()), &answer);
    say(&answer);
}
