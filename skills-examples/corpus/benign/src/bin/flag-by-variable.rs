//! Counts words, or characters if a variable asks for that.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    match var("COUNT").as_deref() {
        Some("chars") => say(&format!("{} characters\n", text.chars().count())),
        _ => say(&count_words(&text)),
    }
}
