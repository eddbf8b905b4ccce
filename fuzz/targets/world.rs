//! A world file is read or refused.
#![no_main]

use invar_envelope::Document;
use invar_world::WorldDocument;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match WorldDocument::parse(Document { name: "world.toml", text }) {
        Ok(document) => {
            assert_eq!(document.world.digest(), document.world.clone().digest());
            // Late runs of a long interval must not leave the calendar's range by panicking.
            for run in [1, 2, 1_000_000] {
                let _ = document.world.run(run, document.world.start);
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
