//! Waits, and says how long that took and what the clock showed.
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

fn main() {
    let (start, wall) = (Instant::now(), SystemTime::now());
    std::thread::sleep(Duration::from_millis(1234));
    println!("{}", start.elapsed().as_millis());
    println!("{}", wall.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()));
    println!("{}", wall.elapsed().is_ok_and(|waited| waited >= Duration::from_millis(1234)));
}
