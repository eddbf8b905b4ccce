//! Would work in a thread, and goes on without where there are none. The library reads RUST_MIN_STACK for it.

use std::{
    io::{self, Read as _},
    thread,
};

fn digest(text: &str) -> u64 {
    text.bytes().fold(0, |digest: u64, byte| digest.wrapping_mul(31).wrapping_add(u64::from(byte)))
}

fn main() -> io::Result<()> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    let copy = text.clone();
    let digest = match thread::Builder::new().spawn(move || digest(&copy)) {
        Ok(worker) => worker.join().unwrap_or_default(),
        Err(error) => {
            eprintln!("no threads ({error}): working alone");
            digest(&text)
        }
    };
    println!("{digest:016x}");
    Ok(())
}
