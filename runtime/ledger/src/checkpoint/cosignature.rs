//! Cosignatures: that a witness saw a checkpoint, and when (c2sp.org/tlog-cosignature, Ed25519).

/// A time and a signature of it and of a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cosignature {
    /// When it was made, in seconds since 1970; at most [`Cosignature::TIME_S_MAX`].
    pub time_s: u64,
    /// Ed25519 over [`Cosignature::message`].
    pub signature: [u8; 64],
}

impl Cosignature {
    /// The latest time that may stand in one, in seconds since 1970.
    pub const TIME_S_MAX: u64 = i64::MAX.cast_unsigned();
    /// Bytes: the time and the signature.
    pub const BYTES: usize = 8 + 64;

    /// What is signed: a header that no other message has, the time, and the text of the checkpoint (tlog-cosignature,
    /// Ed25519 signed message).
    #[must_use]
    pub fn message(time_s: u64, text: &str) -> String {
        format!("cosignature/v1\ntime {time_s}\n{text}")
    }

    /// From the bytes of a note's signature, if they are of that length and the time may be written.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; Self::BYTES] = bytes.try_into().ok()?;
        let (time, signature) = bytes.split_first_chunk()?;
        let time_s = u64::from_be_bytes(*time);
        let signature = signature.try_into().ok()?;
        (time_s <= Self::TIME_S_MAX).then_some(Self { time_s, signature })
    }

    /// The bytes of a note's signature: the time with its highest byte first, and the signature.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[..8].copy_from_slice(&self.time_s.to_be_bytes());
        bytes[8..].copy_from_slice(&self.signature);
        bytes
    }
}
