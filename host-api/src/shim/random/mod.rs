//! `wasi:random`

mod insecure;
mod insecure_seed;
#[allow(clippy::module_inception, reason = "the interface has its package's name")]
mod random;

use invar_envelope::AccessRequest;

use crate::{access_policy::AccessPolicy, funnel::ToAccessRequest, limits::RANDOM_BYTES_MAX, stop::Stop};

/// Random bytes.
struct RandomBytes;

impl ToAccessRequest for RandomBytes {
    fn access_request<'a>(&'a self, _: &'a AccessPolicy) -> AccessRequest<'a> {
        AccessRequest::Random
    }
}

/// What random bytes are to those who may not have them.
const REFUSED: u8 = 0x42;

/// `len` bytes that `fill` makes; refused, all the same.
fn bytes(len: u64, allowed: bool, fill: impl FnOnce(&mut [u8])) -> Result<Vec<u8>, Stop> {
    if len > RANDOM_BYTES_MAX {
        return Err(Stop::Limit("random bytes of one call"));
    }
    let mut bytes = vec![REFUSED; usize::try_from(len).unwrap_or(usize::MAX)];
    if allowed {
        fill(&mut bytes);
    }
    Ok(bytes)
}

fn number(allowed: bool, fill: impl FnOnce(&mut [u8])) -> u64 {
    let mut bytes = [REFUSED; 8];
    if allowed {
        fill(&mut bytes);
    }
    u64::from_le_bytes(bytes)
}
