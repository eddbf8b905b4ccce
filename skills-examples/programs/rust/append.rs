//! Adds a line to a log that it keeps, and prints the last ones.
use std::{fs::OpenOptions, io::Write};

fn main() -> std::io::Result<()> {
    let mut log = OpenOptions::new().create(true).append(true).open("/tmp/log")?;
    for line in 0..50 {
        writeln!(log, "line {line}")?;
    }
    let text = std::fs::read_to_string("/tmp/log")?;
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len() - 3..].iter().for_each(|line| println!("{line}"));
    Ok(())
}
