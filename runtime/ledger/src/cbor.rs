//! Writing CBOR to memory, which cannot fail.

use minicbor::Encode;

/// Appends the CBOR of a value: no value here is refused, and memory takes all.
pub(crate) fn append<T: Encode<()>>(value: &T, buffer: &mut Vec<u8>) {
    let written = minicbor::encode(value, &mut *buffer);
    debug_assert!(written.is_ok(), "{written:?}");
}
