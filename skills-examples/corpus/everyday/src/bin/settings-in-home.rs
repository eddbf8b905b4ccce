//! Follows the settings in the home directory of whoever calls it, if there are any. Its envelope names the file of one home.

use std::{
    env, fs,
    io::{self, Read as _},
};

fn main() -> io::Result<()> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    let settings = env::var("HOME").ok().and_then(|home| fs::read_to_string(format!("{home}/.textrc")).ok());
    let in_capitals = settings.is_some_and(|settings| settings.contains("capitals"));
    print!("{}", if in_capitals { text.to_uppercase() } else { text });
    Ok(())
}
