//! A trace is read or refused, also one that was forged with every digest and link in order.
//!
//! Input: records, each as kind (1 byte), length (2 bytes, little-endian) and bytes. The target links them as a
//! forger would, since a fuzzer does not find SHA-256 by chance. What begins with a trace's first byte is read as
//! it is.
#![no_main]

use invar_trace::{
    Behaviour, Chain, Divergence, FUNCTIONS, Format, Trace, Type, Version, arguments_to_json, to_json,
};
use invar_world::Digest;
use libfuzzer_sys::fuzz_target;

const START: &[u8] = b"\x89INVAR\r\n";
const HEADER: u8 = 1;
const CHAINED: [u8; 2] = [3, 4];

fuzz_target!(|data: &[u8]| {
    match data.first() {
        Some(0x89) => use_it(data),
        _ => use_it(&forge(data)),
    }
});

fn forge(mut data: &[u8]) -> Vec<u8> {
    let mut file = START.to_vec();
    // A header of format 1 is a map, every later one an array.
    let is_first = data.get(3).is_some_and(|byte| byte >> 5 == 5);
    let version = if is_first { Version::from(Format::One) } else { Version::CURRENT };
    file.extend(version.major.to_le_bytes());
    file.extend(version.minor.to_le_bytes());
    let mut chain: Option<Chain> = None;
    while let Some((&[kind, a, b], rest)) = data.split_first_chunk() {
        let len = usize::from(u16::from_le_bytes([a, b])).min(rest.len());
        let (bytes, rest) = rest.split_at(len);
        data = rest;
        let check = match &mut chain {
            none @ None if kind == HEADER => none.insert(Chain::start(bytes)).head(),
            Some(chain) if CHAINED.contains(&kind) => chain.extend(kind, bytes),
            _ => Digest::of(bytes),
        };
        let packed = zstd::bulk::compress(bytes, 1).expect("memory");
        file.push(kind);
        file.extend(u32::try_from(packed.len()).expect("short").to_le_bytes());
        file.extend(u32::try_from(bytes.len()).expect("short").to_le_bytes());
        file.extend(check.0);
        file.extend(packed);
    }
    file
}

fn use_it(file: &[u8]) {
    let trace = match Trace::read(file) {
        Ok(trace) => trace,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let _ = Behaviour::of(&trace);
    assert!(
        Divergence::of(&trace, &trace).is_ok_and(|divergence| divergence.is_same()),
        "a trace differs from itself"
    );
    for event in trace.events().flatten() {
        let Some(function) = FUNCTIONS.get(usize::from(event.function.0)) else { continue };
        if let Ok(request) = trace.value(event.request) {
            let types: Vec<Type> = function.params.iter().map(|(_, ty)| *ty).collect();
            let _ = arguments_to_json(&types, request);
        }
        if let Some(Ok(answer)) = event.answer.map(|answer| trace.value(answer)) {
            let _ = to_json(function.answer.as_ref(), answer);
        }
    }
    let mut again = Vec::new();
    trace.write(&mut again).expect("memory");
    assert_eq!(Trace::read(&again).expect("what was written is read").head(), trace.head());
}
