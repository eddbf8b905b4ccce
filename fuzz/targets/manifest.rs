//! A manifest, or a policy, is read or refused; what is read is written and read again the same.
#![no_main]

use invar_envelope::{Document, Envelope, Manifest};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(envelope) = Envelope::parse_policy(Document { name: "policy.yaml", text }) {
        assert_eq!(Envelope::from_cbor(&envelope.to_cbor()).as_ref(), Ok(&envelope));
    }
    match Manifest::parse(Document { name: "skill.toml", text }) {
        Ok(manifest) => {
            let envelope = manifest.envelope;
            assert_eq!(Envelope::from_cbor(&envelope.to_cbor()).as_ref(), Ok(&envelope));
            assert!(envelope.covers(&envelope), "an envelope covers itself");
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
