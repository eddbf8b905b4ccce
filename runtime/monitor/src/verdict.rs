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

    /// The first that holds: what switches the worst findings on is confirmed; there is a major or critical one; too
    /// little was seen; there is a minor one. What was found counts, however little was seen.
    #[must_use]
    pub fn of(findings: &[Finding], triggers: &[Trigger], is_inconclusive: bool) -> Self {
        let worst = findings.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Info);
        match worst {
            Severity::Major | Severity::Critical if triggers.iter().any(Trigger::decides) => {
                Self::ActivationPatternDetected
            }
            Severity::Major | Severity::Critical => Self::Variant,
            Severity::Info | Severity::Minor if is_inconclusive => Self::Inconclusive,
            Severity::Minor => Self::Marginal,
            Severity::Info => Self::Consistent,
        }
    }
}

impl Trigger {
    /// Whether it makes a pattern of what is found: it is confirmed, and what it sets off is major or critical.
    pub(crate) fn decides(&self) -> bool {
        self.confidence == Confidence::Confirmed && self.severity >= Severity::Major
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Verdict;
    use crate::{Boundary, Class, Confidence, Finding, Severity, Trigger, TriggerKind};

    fn finding(severity: Severity) -> Finding {
        Finding {
            class: Class::SideEffects,
            severity,
            runs: Vec::new(),
            what: String::new(),
            expected: String::new(),
            observed: String::new(),
            cause: String::new(),
            owasp_ast: "AST01",
        }
    }

    fn trigger(severity: Severity, confidence: Confidence) -> Trigger {
        Trigger {
            kind: TriggerKind::Clock,
            condition: String::new(),
            first_run: None,
            period: None,
            boundary: Boundary::default(),
            source: String::new(),
            value: None,
            all: Vec::new(),
            effects: Vec::new(),
            calls: Vec::new(),
            confidence,
            evidence: Vec::new(),
            reproduce: String::new(),
            runs: Vec::new(),
            severity,
            proof: None,
            sentence: None,
        }
    }

    #[test]
    fn the_first_verdict_that_holds_is_the_one() {
        use {Confidence::*, Severity::*, Verdict::*};
        for (worst, triggers, is_inconclusive, verdict) in [
            (Critical, vec![trigger(Critical, Confirmed)], true, ActivationPatternDetected),
            (
                Major,
                vec![trigger(Minor, Confirmed), trigger(Major, Confirmed)],
                false,
                ActivationPatternDetected,
            ),
            (Critical, vec![trigger(Critical, Suspected)], true, Variant),
            (Major, vec![trigger(Minor, Confirmed)], false, Variant),
            (Major, vec![trigger(Major, Forced)], true, Variant),
            (Minor, Vec::new(), true, Inconclusive),
            (Info, Vec::new(), true, Inconclusive),
            (Minor, vec![trigger(Minor, Confirmed)], false, Marginal),
            (Info, Vec::new(), false, Consistent),
        ] {
            let findings = [finding(Info), finding(worst)];
            assert_eq!(Verdict::of(&findings, &triggers, is_inconclusive), verdict, "{worst:?}");
        }
        assert_eq!(Verdict::of(&[], &[], false), Consistent);
    }

    #[test]
    fn a_verdict_that_says_nothing_is_none_that_passes_for_another() {
        // Whatever is asked to fail on, what is not known does: the command sees to it by name.
        assert_eq!(Verdict::Inconclusive.exit_code(), 23);
        assert!(Verdict::ALL.is_sorted());
    }
}
