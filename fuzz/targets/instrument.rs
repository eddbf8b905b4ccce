//! A component is rewritten or refused; what comes of it is valid, and the same each time.
//!
//! Input: a component, if it begins as one. Else edits of a small one that is, as a fuzzer does not find sections
//! and types by chance: which (1 byte), then places (2 bytes, little-endian) and the bytes that stand there (1 each).
#![no_main]

use invar_probe::{HitFilter, instrument};
use libfuzzer_sys::fuzz_target;
use wasmparser::{Validator, WasmFeatures};

const COMPONENTS: [&[u8]; 4] = [
    include_bytes!("../seeds/instrument/comparisons.wasm"),
    include_bytes!("../seeds/instrument/answers.wasm"),
    include_bytes!("../../skills-examples/corpus/env-tier-gold/env-tier-gold.wasm"),
    include_bytes!("../../skills-examples/corpus/lock-fnv-user/lock-fnv-user.wasm"),
];

fuzz_target!(|data: &[u8]| {
    let component = match data {
        [b'\0', b'a', b's', b'm', ..] => data.to_vec(),
        _ => edited(data),
    };
    for gate in [HitFilter::First, HitFilter::Known] {
        let copy = match instrument(&component, gate) {
            Ok(copy) => copy,
            Err(error) => return assert!(!error.to_string().is_empty()),
        };
        Validator::new_with_features(WasmFeatures::all())
            .validate_all(&copy.bytes)
            .expect("what was rewritten is valid");
        let again = instrument(&component, gate).expect("it was rewritten before");
        assert!(copy.bytes == again.bytes && copy.sites == again.sites, "it is not the same again");
    }
});

fn edited(data: &[u8]) -> Vec<u8> {
    let (which, edits) = data.split_first().unwrap_or((&0, &[]));
    let mut component = COMPONENTS[usize::from(*which) % COMPONENTS.len()].to_vec();
    for edit in edits.chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([edit[0], edit[1]])) % component.len();
        component[at] = edit[2];
    }
    component
}
