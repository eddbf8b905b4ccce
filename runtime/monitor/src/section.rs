//! One class of invariants in the report.

use serde::Serialize;

use crate::{Finding, Severity};

/// Whether an invariant held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It held.
    Pass,
    /// Something to look at.
    Warn,
    /// It did not.
    Fail,
    /// Nothing can be said.
    NotChecked,
}

/// One class of invariants.
#[derive(Debug, Clone, Serialize)]
pub struct Section {
    /// Whether it held.
    pub status: Status,
    /// In one line.
    pub why: String,
    /// What was found.
    pub findings: Vec<Finding>,
}

impl Section {
    /// From its findings; `why` stands for all of them.
    #[must_use]
    pub fn of(why: String, findings: Vec<Finding>) -> Self {
        let status = match findings.iter().map(|finding| finding.severity).max() {
            None | Some(Severity::Info) => Status::Pass,
            Some(Severity::Minor) => Status::Warn,
            Some(Severity::Major | Severity::Critical) => Status::Fail,
        };
        Self { status, why, findings }
    }

    /// Nothing can be said, and why.
    #[must_use]
    pub fn not_checked(why: String) -> Self {
        Self { status: Status::NotChecked, why, findings: Vec::new() }
    }
}
