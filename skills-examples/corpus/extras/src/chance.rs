//! Random bytes and fractions.

use alloc::vec::Vec;

use kit::clock::random_u64;

use crate::bindings::wasi::random::random;

/// Random bytes.
pub fn random_bytes(len: u64) -> Vec<u8> {
    random::get_random_bytes(len)
}

/// A random number from 0 to below 1.
pub fn random_unit() -> f64 {
    (random_u64() >> 11) as f64 / (1_u64 << 53) as f64
}
