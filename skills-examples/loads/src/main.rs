//! Does the load that its input names, and says a number that depends on all of it.

use std::{collections::HashMap, fmt::Write as _};

use sha2::{Digest as _, Sha256};

fn main() {
    let input = std::io::read_to_string(std::io::stdin()).expect("standard input is text");
    let (load, size) = input.trim().split_once(' ').expect("a load and its size");
    let size = size.parse().expect("the size is a number");
    let mut numbers = Numbers(1);
    let answer = match load {
        "hash" => hash(&mut numbers, size),
        "parse" => parse(&mut numbers, size),
        "sort" => sort(&mut numbers, size),
        "words" => words(&mut numbers, size),
        _ => panic!("no such load"),
    };
    println!("{answer}");
}

/// The same numbers in every run: a linear congruential generator, its upper half (Knuth, The Art of Computer
/// Programming 2, 3.3.4).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 32
    }
}

fn hash(numbers: &mut Numbers, kib: u64) -> u64 {
    let mut hash = Sha256::new();
    for _ in 0..kib {
        hash.update([numbers.next() as u8; 1024]);
    }
    hash.finalize().iter().map(|byte| u64::from(*byte)).sum()
}

fn parse(numbers: &mut Numbers, records: u64) -> u64 {
    let mut text = String::from("[");
    for number in 0..records {
        let comma = if number == 0 { "" } else { "," };
        let (amount, paid) = (numbers.next() % 10_000, numbers.next() % 2 == 0);
        let _ =
            write!(text, "{comma}{{\"id\": {number}, \"name\": \"Customer {amount}\", \"paid\": {paid}}}");
    }
    text.push(']');
    let parsed: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let records = parsed.as_array().expect("it is an array");
    records.iter().filter(|record| record["paid"] == true).filter_map(|record| record["id"].as_u64()).sum()
}

fn sort(numbers: &mut Numbers, size: u64) -> u64 {
    let mut all: Vec<u64> = (0..size).map(|_| numbers.next()).collect();
    all.sort_unstable();
    all[all.len() / 2]
}

fn words(numbers: &mut Numbers, size: u64) -> u64 {
    let mut text = String::new();
    for _ in 0..size {
        let _ = write!(text, "word{} ", numbers.next() % 1000);
    }
    let mut times: HashMap<&str, u64> = HashMap::new();
    for word in text.split_whitespace() {
        *times.entry(word).or_default() += 1;
    }
    times.values().map(|times| times * times).sum()
}
