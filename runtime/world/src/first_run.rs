//! What a world says of the first run alone.

use minicbor::{Decode, Encode};

use crate::Digest;

/// A seed of 32 bytes.
pub type Seed = Digest;

/// Seeds that run 1 has in place of those of the world's seed: a world that is made of a later run of a series, or of one whose
/// seed was changed, says them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FirstRun {
    /// Seeds the random bytes.
    #[cbor(n(0), skip_if = "Option::is_none")]
    pub random: Option<Seed>,
    /// Seeds the jitter of the clock.
    #[cbor(n(1), skip_if = "Option::is_none")]
    pub jitter: Option<Seed>,
}

impl FirstRun {
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
