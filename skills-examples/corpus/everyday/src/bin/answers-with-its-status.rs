//! Says by its exit status whether two halves of its input differ, as `diff` does: 0 for the same, 1 for different.

use std::{
    io::{self, Read as _},
    process::ExitCode,
};

fn main() -> io::Result<ExitCode> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    let (left, right) = text.split_once("---\n").unwrap_or((&text, ""));
    let mut status = ExitCode::SUCCESS;
    for (number, (left, right)) in left.lines().zip(right.lines()).enumerate() {
        if left != right {
            println!("{}: {left} | {right}", number + 1);
            status = ExitCode::from(1);
        }
    }
    Ok(status)
}
