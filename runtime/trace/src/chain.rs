//! The hash chain of a trace.

use invar_world::Digest;

/// The chain: each link covers the link before it and one record, so that no record can be changed, moved,
/// left out or added without changing every link after it.
///
/// h₀ = SHA-256("invar/trace" ‖ 0 ‖ header), hᵢ = SHA-256("invar/trace" ‖ 0 ‖ hᵢ₋₁ ‖ kind ‖ record).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain(Digest);

const DOMAIN: &str = "invar/trace";

impl Chain {
    /// The first link.
    #[must_use]
    pub fn start(header: &[u8]) -> Self {
        Self(Digest::of_parts(DOMAIN, &[header]))
    }

    /// The next link.
    pub fn extend(&mut self, kind: u8, record: &[u8]) -> Digest {
        self.0 = Digest::of_parts(DOMAIN, &[&self.0.0, &[kind], record]);
        self.0
    }

    /// The last link.
    #[must_use]
    pub fn head(&self) -> Digest {
        self.0
    }
}
