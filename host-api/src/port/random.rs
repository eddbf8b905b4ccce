//! Random bytes.

/// The randomness of a world.
pub trait Random: Send {
    /// Fills `bytes`, for cryptography.
    fn fill(&mut self, bytes: &mut [u8]);

    /// Fills `bytes`, for anything else.
    fn fill_insecure(&mut self, bytes: &mut [u8]);

    /// The seed for hash tables; `declared` says whether the envelope allows random bytes.
    fn insecure_seed(&mut self, declared: bool) -> (u64, u64);
}
