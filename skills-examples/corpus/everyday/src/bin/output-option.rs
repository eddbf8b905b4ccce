//! Sorts its input to standard output, or into the file that `-o` names. Its envelope names no file.

use std::{
    env, fs,
    io::{self, Read as _},
};

fn main() -> io::Result<()> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    let mut lines: Vec<_> = text.lines().collect();
    lines.sort_unstable();
    let sorted = lines.join("\n") + "\n";
    let mut arguments = env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "-o" {
            let file = arguments.next().ok_or_else(|| io::Error::other("-o needs a file"))?;
            return fs::write(file, sorted);
        }
    }
    print!("{sorted}");
    Ok(())
}
