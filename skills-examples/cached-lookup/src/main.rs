//! Looks up the names on standard input in a table; keeps the sorted table for later runs.

use std::{fs, io::BufRead};

const TABLE: &str = "/data/table.csv";
const CACHE: &str = "/tmp/lookup-cache";

fn main() {
    let sorted = format!("{CACHE}/sorted.csv");
    // Cold: sort the table and keep it. Warm: it is there already.
    let table = fs::read_to_string(&sorted).unwrap_or_else(|_| {
        let table = fs::read_to_string(TABLE).expect("the table can be read");
        let mut lines: Vec<&str> = table.lines().collect();
        lines.sort_unstable();
        let table = lines.join("\n");
        fs::create_dir_all(CACHE).expect("the cache can be made");
        fs::write(&sorted, &table).expect("the cache can be written");
        table
    });
    let rows: Vec<(&str, &str)> = table.lines().filter_map(|line| line.split_once(',')).collect();
    for name in std::io::stdin().lock().lines() {
        let name = name.expect("standard input is text");
        match rows.binary_search_by(|(own, _)| (*own).cmp(name.as_str())) {
            Ok(found) => println!("{name},{}", rows[found].1),
            Err(_) => println!("{name},unknown"),
        }
    }
}
