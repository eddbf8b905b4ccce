//! Numbers lines, and says on weekends that nobody will read them.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = number_lines(&input());
    let rest = if matches!(today().weekday, 0 | 6) { "weekend: delivered on Monday\n" } else { "" };
    say(&format!("{text}{rest}"));
}
