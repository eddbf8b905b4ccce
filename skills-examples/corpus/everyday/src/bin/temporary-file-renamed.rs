//! Writes its result as careful programs do: into a temporary file with a random name, then renamed into place.

use std::{
    collections::hash_map::RandomState,
    fs::{self, File},
    hash::{BuildHasher as _, Hasher as _},
    io::{self, Read as _, Write as _},
};

fn main() -> io::Result<()> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    let random = RandomState::new().build_hasher().finish();
    let temporary = format!("/out/.result.{random:016x}.tmp");
    let mut file = File::create(&temporary)?;
    writeln!(file, "lines {}\nbytes {}", text.lines().count(), text.len())?;
    drop(file);
    fs::rename(&temporary, "/out/result.txt")?;
    println!("wrote /out/result.txt");
    Ok(())
}
