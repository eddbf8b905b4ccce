//! Counts words in tables whose order is random, and sorts them before it says so.
use std::{collections::HashMap, io::Read};

fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).unwrap_or_default();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    text.split_whitespace().for_each(|word| *counts.entry(word).or_default() += 1);
    let first = counts.keys().next().copied().unwrap_or_default().to_owned();
    let mut all: Vec<_> = counts.into_iter().collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    all.iter().take(5).for_each(|(word, count)| println!("{count} {word}"));
    eprintln!("{first}");
}
