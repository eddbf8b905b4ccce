//! The format of an answer or a report, and what decides the exit code.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};
use invar_monitor::Verdict;

/// The format of a report and where it goes.
#[derive(Debug, ClapArgs)]
pub(crate) struct ReportArgs {
    /// Format of the report
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub(crate) format: ReportFormat,
    /// Write the report to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Exit with 0 if the verdict is below this one
    #[arg(long, value_enum, ignore_case = true, value_name = "VERDICT")]
    pub(crate) fail_on: Option<VerdictArg>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text for people
    Human,
    /// One JSON document
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// Text for people
    Human,
    /// One JSON document
    Json,
    /// JSON lines: the report, then one line for each finding, trigger and run
    Jsonl,
    /// Markdown, for a comment on a pull request
    Markdown,
    /// One self-contained HTML page with plots
    Html,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML, for test dashboards
    Junit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum VerdictArg {
    #[value(name = "CONSISTENT")]
    Consistent,
    #[value(name = "MARGINAL")]
    Marginal,
    #[value(name = "INCONCLUSIVE")]
    Inconclusive,
    #[value(name = "VARIANT")]
    Variant,
    #[value(name = "ACTIVATION-PATTERN-DETECTED")]
    ActivationPatternDetected,
}

impl VerdictArg {
    pub(crate) fn verdict(self) -> Verdict {
        match self {
            Self::Consistent => Verdict::Consistent,
            Self::Marginal => Verdict::Marginal,
            Self::Inconclusive => Verdict::Inconclusive,
            Self::Variant => Verdict::Variant,
            Self::ActivationPatternDetected => Verdict::ActivationPatternDetected,
        }
    }
}
