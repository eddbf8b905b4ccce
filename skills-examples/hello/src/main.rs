//! Greets whom standard input names, in the language of `LANG`, and remembers whom it greeted.

use std::{env, fs, io::Read};

fn main() {
    let mut name = String::new();
    std::io::stdin().read_to_string(&mut name).expect("standard input is text");
    let language = env::var("LANG").unwrap_or_default();
    let greetings = fs::read_to_string("/data/greetings").expect("the greetings can be read");
    let greeting = greetings
        .lines()
        .filter_map(|line| line.split_once('='))
        .find(|(own, _)| language.starts_with(own))
        .map_or("Hello", |(_, greeting)| greeting);
    println!("{greeting}, {}!", name.trim());
    fs::create_dir_all("/tmp/hello").expect("the memory can be made");
    let known = fs::read_to_string("/tmp/hello/last").unwrap_or_default();
    if known.trim() != name.trim() {
        fs::write("/tmp/hello/last", name.trim()).expect("the memory can be written");
    }
}
