//! Traces of runs that behaved the same, as deltas: the first is stored whole, the others as differences from it.
//!
//! Such traces differ in times and in values that depend on them, so the delta is small. The restored trace is the stored one,
//! byte for byte.
//!
//! ```text
//! "invar-delta/1\n" ‖ number of the base run (4, little-endian) ‖ SHA-256 of the trace ‖ zstd
//! ```

use std::io::{Read, Write};

use invar_world::Digest;
use zstd::stream::raw::{CParameter, DParameter};

const MAGIC: &[u8; 14] = b"invar-delta/1\n";
/// Bytes that what differs is looked for in, as a power of two: a trace of that size is known whole.
const WINDOW_LOG: u32 = 27;
/// Bytes of a trace that come back at most: as many as a trace file that is read may have. Stops a file made to fill
/// memory.
const TRACE_BYTES_MAX: u64 = crate::files::FILE_BYTES_MAX;

/// The delta from the trace `first` of run `base` to `trace`; none if it is no smaller.
pub(crate) fn write(base: u32, first: &[u8], trace: &[u8]) -> std::io::Result<Option<Vec<u8>>> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&base.to_le_bytes());
    bytes.extend_from_slice(&Digest::of(trace).0);
    let mut encoder = zstd::Encoder::with_ref_prefix(bytes, 3, first)?;
    encoder.set_parameter(CParameter::WindowLog(WINDOW_LOG))?;
    encoder.set_parameter(CParameter::EnableLongDistanceMatching(true))?;
    encoder.write_all(trace)?;
    let bytes = encoder.finish()?;
    Ok((bytes.len() < trace.len()).then_some(bytes))
}

/// The base run of a delta; none if the bytes are no delta.
pub(crate) fn base(bytes: &[u8]) -> Option<u32> {
    let rest = bytes.strip_prefix(MAGIC)?;
    rest.first_chunk::<4>().map(|number| u32::from_le_bytes(*number))
}

/// The trace; none if it does not come back as it was.
pub(crate) fn read(bytes: &[u8], first: &[u8]) -> Option<Vec<u8>> {
    let rest = bytes.strip_prefix(MAGIC)?.get(4..)?;
    let (digest, packed) = rest.split_first_chunk::<32>()?;
    let mut decoder = zstd::Decoder::with_ref_prefix(packed, first).ok()?;
    decoder.set_parameter(DParameter::WindowLogMax(WINDOW_LOG)).ok()?;
    let mut trace = Vec::new();
    decoder.take(TRACE_BYTES_MAX + 1).read_to_end(&mut trace).ok()?;
    (Digest::of(&trace).0 == *digest).then_some(trace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_small_and_the_whole_comes_back() {
        let first: Vec<u8> =
            (0..200_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        let mut other = first.clone();
        other[7] ^= 1;
        other[700_000] ^= 1;
        let bytes = write(3, &first, &other).unwrap().unwrap();
        assert!(bytes.len() < 1000, "{}", bytes.len());
        assert_eq!(base(&bytes), Some(3));
        assert!(read(&bytes, &first).as_ref() == Some(&other));
        let mut wrong = first.clone();
        wrong[300_000] ^= 1;
        assert!(read(&bytes, &wrong).is_none());
        for at in 0..bytes.len() {
            let mut bent = bytes.clone();
            bent[at] ^= 1;
            // Some bits mean nothing; what comes back is the trace, or nothing.
            assert!(read(&bent, &first).is_none_or(|back| back == other), "{at}");
        }
    }

    #[test]
    fn what_is_no_smaller_is_kept_whole() {
        let noise: Vec<u8> = (0..20_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        assert_eq!(write(1, b"", &noise).unwrap(), None);
    }
}
