//! Numbers lines, and asks every six hours whether there is a newer version, as it declares.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    if now() - read_number("/state/checked") >= 6 * 3600 {
        send_to("api.example.com", 443, b"version 1.0.0\n");
        write("/state/checked", now().to_string());
    }
    say(&number_lines(&input()));
}
