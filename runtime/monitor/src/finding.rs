//! Findings, by class and severity.

use serde::Serialize;

/// The eight classes of invariants, in the order of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// The same input gives the same output.
    OutputDeterminism,
    /// The same input costs the same.
    ResourceUsage,
    /// What is done to the outside stays the same.
    SideEffects,
    /// The hundredth run is like the first.
    ExecutionCount,
    /// What the environment says changes nothing that it should not.
    Environment,
    /// Nothing is done that was not declared.
    Envelope,
    /// Cost grows with input as claimed.
    Performance,
    /// All of it is on record.
    AuditTrail,
}

impl Class {
    /// All of them, in the order of the report.
    pub const ALL: [Self; 8] = [
        Self::OutputDeterminism,
        Self::ResourceUsage,
        Self::SideEffects,
        Self::ExecutionCount,
        Self::Environment,
        Self::Envelope,
        Self::Performance,
        Self::AuditTrail,
    ];

    /// As in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OutputDeterminism => "output-determinism",
            Self::ResourceUsage => "resource-usage",
            Self::SideEffects => "side-effects",
            Self::ExecutionCount => "execution-count",
            Self::Environment => "environment",
            Self::Envelope => "envelope",
            Self::Performance => "performance",
            Self::AuditTrail => "audit-trail",
        }
    }
}

/// How bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// As claimed, or to its credit.
    Info,
    /// To be looked at.
    Minor,
    /// An invariant is broken.
    Major,
    /// Undeclared contact or change of the outside.
    Critical,
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The invariant it is about.
    pub class: Class,
    /// How bad.
    pub severity: Severity,
    /// The runs it was seen in.
    pub runs: Vec<u32>,
    /// In one line.
    pub what: String,
    /// What should have been.
    pub expected: String,
    /// What was.
    pub observed: String,
    /// What it depends on, as far as it was found.
    pub cause: String,
    /// The risk of the OWASP Agentic Skills Top 10 that it is an instance of.
    pub owasp_ast: &'static str,
}
