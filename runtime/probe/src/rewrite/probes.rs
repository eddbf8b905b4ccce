//! Which probes a component gets.

/// Which hits of one site are reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HitFilter {
    /// The first of each site.
    #[default]
    First,
    /// Those with an operand that the lab knows, however many: for interpreters, which pass one site a million
    /// times before they come to what counts.
    Known,
}

/// What gets which probes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probes {
    /// Hits that are reported.
    pub gate: HitFilter,
    /// Whether functions report their parameters and what those point at; else only that they were entered.
    pub texts: bool,
    /// Whether modules inside nested components get probes.
    pub nested: bool,
    /// Functions with more bytes of code get a probe at their entry and no other.
    pub body_bytes_max: u32,
}

impl Probes {
    /// All of them.
    #[must_use]
    pub const fn all(gate: HitFilter) -> Self {
        Self { gate, texts: true, nested: true, body_bytes_max: u32::MAX }
    }
}

impl From<HitFilter> for Probes {
    fn from(gate: HitFilter) -> Self {
        Self::all(gate)
    }
}
