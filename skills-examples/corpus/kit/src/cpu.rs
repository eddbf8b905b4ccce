//! Work that takes fuel, and hashes.

use core::hint::black_box;

/// Takes about twenty units of fuel a step.
pub fn work(steps: u64) {
    let mut state = 1_u64;
    for step in 0..steps {
        state = black_box(state.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ step);
    }
}

/// A hash of bytes: every bit of them counts.
pub fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0x51_7c_c1_b7_27_22_0a_95, |state: u64, byte| {
        let mixed = (state ^ u64::from(*byte)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed ^ (mixed >> 29)
    })
}
