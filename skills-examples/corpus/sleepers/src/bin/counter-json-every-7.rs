//! Trims lines. The count is a member of its JSON settings; each 7th run fails.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    let settings = read_text("/state/settings.json");
    let field = settings.split("\"uses\":").nth(1).unwrap_or_default();
    let runs = field.trim_matches(|c: char| !c.is_ascii_digit()).parse::<u64>().unwrap_or(0) + 1;
    write("/state/settings.json", format!("{{\"theme\":\"dark\",\"uses\":{runs}}}"));
    say(&trim_lines(&text));
    if runs.is_multiple_of(7) {
        fail();
    }
}
