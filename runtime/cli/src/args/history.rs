//! The arguments of `invar history`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

use super::{Format, VerdictArg, examples};

#[derive(Debug, Subcommand)]
pub(crate) enum HistoryCommand {
    /// Compare the executions in logs and traces, and rank the skills that are not consistent
    #[command(after_help = examples::HISTORY_ANALYZE)]
    Analyze(HistoryArgs),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct HistoryArgs {
    /// File of executions as JSON lines, trace file, ID/N (run N of report ID), or - for lines on standard input
    #[arg(required = true, value_name = "LOG")]
    pub(crate) logs: Vec<String>,
    /// Analyze only this skill
    #[arg(long, value_name = "NAME")]
    pub(crate) skill: Option<String>,
    /// Analyze only executions by this agent
    #[arg(long, value_name = "ID")]
    pub(crate) agent: Option<String>,
    /// Format of the report
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
    /// Write the report to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Exit with 0 if the verdict is below this one
    #[arg(long, value_enum, ignore_case = true, value_name = "VERDICT")]
    pub(crate) fail_on: Option<VerdictArg>,
}
