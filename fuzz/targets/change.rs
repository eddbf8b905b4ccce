//! A `--set` target is read or refused.
#![no_main]

use invar_world::Substitution;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let read = |path: &str| match path.len() % 2 {
        0 => Ok(path.as_bytes().to_vec()),
        _ => Err("no such file".to_owned()),
    };
    match Substitution::parse(text, read) {
        Ok(substitution) => assert_eq!(substitution.text, text),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
