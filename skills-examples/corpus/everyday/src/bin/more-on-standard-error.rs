//! Reads what tells a runtime how much to say, and says more on standard error alone.

use std::{
    env,
    io::{self, Read as _},
};

fn main() -> io::Result<()> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    if env::var_os("RUST_LOG").is_some() {
        eprintln!("counting the words of {} bytes", text.len());
    }
    println!("{}", text.split_whitespace().count());
    Ok(())
}
