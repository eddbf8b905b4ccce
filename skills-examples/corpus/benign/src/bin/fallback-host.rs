//! Trims lines and reports to the second of its hosts, since the first has no address here.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

const HOSTS: [&str; 2] = ["api.example.com", "backup.example.com"];

fn run() {
    let text = input();
    let is_sent = HOSTS.iter().any(|host| send_to(host, 443, count_words(&text).as_bytes()));
    say(&trim_lines(&text));
    if !is_sent {
        complain("no host answers\n");
    }
}
