//! The verdict.

use std::fmt;

use serde::Serialize;

use crate::{Confidence, Finding, Severity, Trigger};

/// What it comes to, mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Verdict {
    /// Every invariant held, as far as this protocol could see.
    #[serde(rename = "CONSISTENT")]
    Consistent,
    /// Something to look at.
    #[serde(rename = "MARGINAL")]
    Marginal,
    /// Too little was seen to say anything.
    #[serde(rename = "INCONCLUSIVE")]
    Inconclusive,
    /// An invariant is broken.
    #[serde(rename = "VARIANT")]
    Variant,
    /// An invariant is broken, and what breaks it is known and proved.
    #[serde(rename = "ACTIVATION-PATTERN-DETECTED")]
    ActivationPatternDetected,
}

impl Verdict {
    /// All of them, mildest first.
    pub const ALL: [Self; 5] = [
        Self::Consistent,
        Self::Marginal,
        Self::Inconclusive,
        Self::Variant,
        Self::ActivationPatternDetected,
    ];

    /// As in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Consistent => "CONSISTENT",
            Self::Marginal => "MARGINAL",
            Self::Inconclusive => "INCONCLUSIVE",
            Self::Variant => "VARIANT",
            Self::ActivationPatternDetected => "ACTIVATION-PATTERN-DETECTED",
        }
    }

    /// The exit code of commands that report it.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Consistent => 0,
            Self::Marginal => 20,
            Self::Variant => 21,
            Self::ActivationPatternDetected => 22,
            Self::Inconclusive => 23,
        }
    }

    /// From the worst finding, and whether what switches it on is confirmed.
    pub(crate) fn of(findings: &[Finding], triggers: &[Trigger]) -> Self {
        let confirmed = triggers.iter().any(|trigger| {
            trigger.confidence == Confidence::Confirmed && trigger.severity >= Severity::Major
        });
        match findings.iter().map(|finding| finding.severity).max() {
            None | Some(Severity::Info) => Self::Consistent,
            Some(Severity::Minor) => Self::Marginal,
            Some(Severity::Major | Severity::Critical) if confirmed => Self::ActivationPatternDetected,
            Some(Severity::Major | Severity::Critical) => Self::Variant,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
