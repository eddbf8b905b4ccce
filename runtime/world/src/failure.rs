//! How HTTP requests fail.

use std::fmt;

use minicbor::{Decode, Encode};

/// How a request comes to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Failure {
    /// The connection is refused.
    #[n(0)]
    Refused,
    /// The response begins; in the middle of its body the connection is reset.
    #[n(1)]
    Reset,
    /// The request is taken and never answered.
    #[n(2)]
    Timeout,
    /// The name does not exist.
    #[n(3)]
    Nxdomain,
    /// No TLS connection comes about.
    #[n(4)]
    Tls,
}

impl Failure {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Refused, Self::Reset, Self::Timeout, Self::Nxdomain, Self::Tls];

    /// As `fails` of a world and `--set http:` name it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Reset => "reset",
            Self::Timeout => "timeout",
            Self::Nxdomain => "nxdomain",
            Self::Tls => "tls-error",
        }
    }

    /// The one of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|failure| failure.as_str() == name)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
