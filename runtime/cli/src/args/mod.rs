//! The command line as clap parses it: a file for each group of commands.

mod envelope;
mod examples;
mod history;
mod ledger;
mod monitor;
mod report;
mod run;
mod trace;
mod world;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::exit;

pub(crate) use self::{
    envelope::{EnvelopeCheckArgs, EnvelopeCommand, InitArgs, LearnArgs},
    history::{HistoryArgs, HistoryCommand},
    ledger::{
        CheckArgs, CheckpointArgs, ExportArgs, ExportFormat, LedgerCommand, ProveArgs, ReceiptArgs, ShowArgs,
        SigningArg, TrustArgs, VerifyArgs, WitnessArgs,
    },
    monitor::{FuzzArgs, InstallArgs, KeepArg, MonitorArgs, SearchArg},
    report::{Format, ReportArgs, ReportFormat, VerdictArg},
    run::{InspectArgs, InvocationArgs, RunArgs, WorldArgs},
    trace::{CapabilityArg, DiffArgs, ReplayArgs, TraceArgs},
    world::{WorldCommand, WorldFromArgs},
};

/// The version of Invar and that of wasmtime, which readers of a wasmtime advisory need. A test compares it with Cargo.lock.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (wasmtime 48.0.8)");

/// Run untrusted agent skills in a deterministic WebAssembly sandbox, and detect when their behaviour changes.
#[derive(Debug, Parser)]
#[command(
    name = "invar",
    version = VERSION,
    after_help = format!("{}\n\n{}", examples::INVAR, exit::TABLE),
    max_term_width = 100
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a skill once; its output and exit status are passed through
    #[command(after_help = examples::RUN)]
    Run(RunArgs),
    /// Show what a skill is, what it declares, what it could do, and its risk tier; nothing is run
    #[command(after_help = examples::INSPECT)]
    Inspect(InspectArgs),
    /// Write a skill.toml beside a component, with the smallest envelope that its runs in the lab needed
    #[command(after_help = examples::INIT)]
    Init(InitArgs),
    /// Compare envelopes, and learn the smallest one that a skill needs
    #[command(subcommand, after_help = examples::ENVELOPE)]
    Envelope(EnvelopeCommand),
    /// Run a skill many times and report whether it keeps its invariants
    #[command(after_help = examples::MONITOR)]
    Monitor(MonitorArgs),
    /// Search for triggers in a skill's environment and input; the report is that of monitor
    #[command(after_help = examples::FUZZ)]
    Fuzz(FuzzArgs),
    /// Monitor a skill, then store it with its baseline under its name
    #[command(after_help = examples::INSTALL)]
    Install(InstallArgs),
    /// List the installed skills
    #[command(after_help = examples::LIST)]
    List,
    /// Replay a recorded run; with --set, change a value and show where the runs diverge
    #[command(after_help = examples::REPLAY)]
    Replay(ReplayArgs),
    /// Show the first divergence between two runs and the host response that caused it
    #[command(after_help = examples::DIFF)]
    Diff(DiffArgs),
    /// List the host calls of a recorded run
    #[command(after_help = examples::TRACE)]
    Trace(TraceArgs),
    /// Make worlds of recorded runs
    #[command(subcommand, after_help = examples::WORLD)]
    World(WorldCommand),
    /// Verify, prove, publish and export the audit trail
    #[command(subcommand, after_help = examples::LEDGER)]
    Ledger(LedgerCommand),
    /// Run a witness: cosign the checkpoints of other audit trails, and reject rollbacks and forks
    #[command(after_help = examples::WITNESS)]
    Witness(WitnessArgs),
    /// Analyze executions that were recorded elsewhere
    #[command(subcommand, after_help = examples::HISTORY)]
    History(HistoryCommand),
    /// Generate completions for a shell
    #[command(after_help = examples::COMPLETIONS)]
    Completions {
        /// Name of the shell
        shell: clap_complete::Shell,
    },
    /// Generate the manual pages
    #[command(after_help = examples::MAN)]
    Man {
        /// Directory to write one page for each command to; without it, the main page goes to standard output
        directory: Option<PathBuf>,
    },
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::{Command, CommandFactory};

    use super::Args;

    /// Every command that can be typed, with the words that name it.
    fn commands() -> Vec<(String, Command)> {
        fn collect(name: &str, command: &Command, all: &mut Vec<(String, Command)>) {
            all.push((name.to_owned(), command.clone()));
            for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
                collect(&format!("{name} {}", inner.get_name()), inner, all);
            }
        }
        let mut all = Vec::new();
        collect("invar", &Args::command(), &mut all);
        all
    }

    /// The words of an example up to a pipe or a redirection, as a shell hands them over, without variables before them.
    fn words(line: &str) -> Vec<String> {
        let mut words = Vec::new();
        let mut rest = line.trim();
        while let Some(first) = rest.chars().next() {
            let (word, after) = match first {
                '>' | '<' | '|' => break,
                '\'' => rest[1..].split_once('\'').unwrap(),
                '"' => rest[1..].split_once('"').unwrap(),
                _ => rest.split_once(' ').unwrap_or((rest, "")),
            };
            words.push(word.to_owned());
            rest = after.trim_start();
        }
        let is_variable =
            |word: &String| word.starts_with(|c: char| c.is_ascii_uppercase()) && word.contains('=');
        words.into_iter().skip_while(is_variable).collect()
    }

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn every_command_has_two_examples_that_parse() {
        // The width of the help where there is no terminal.
        const COLUMNS: usize = 100;
        for (name, command) in commands() {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let examples = help.strip_prefix("Examples:\n").unwrap_or_else(|| panic!("{name}: no examples"));
            let examples = examples.split("\n\n").next().unwrap_or_default();
            let (comments, lines): (Vec<_>, Vec<_>) =
                examples.lines().partition(|line| line.trim_start().starts_with('#'));
            assert!(comments.len() == 2 && lines.len() == 2, "{name}: {examples}");
            assert_eq!(lines.iter().collect::<BTreeSet<_>>().len(), 2, "{name}: {examples}");
            assert!(examples.lines().all(|line| line.chars().count() <= COLUMNS), "{name}: {examples}");
            for line in lines {
                let words = words(line);
                let begins_with_name = name.split(' ').zip(&words).all(|(one, other)| one == other);
                assert!(begins_with_name, "{name}: {line}");
                if let Err(error) = Args::command().try_get_matches_from(&words) {
                    panic!("{line}: {error}");
                }
            }
        }
    }
}
