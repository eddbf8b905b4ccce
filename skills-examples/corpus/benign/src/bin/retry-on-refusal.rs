//! Sums a column and reports the total, three times if need be; its service is down here.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let total = sum(&input());
    let is_sent = (0..3).any(|_| send_to("api.example.com", 443, total.as_bytes()));
    say(&total);
    if !is_sent {
        complain("the service does not answer\n");
    }
}
