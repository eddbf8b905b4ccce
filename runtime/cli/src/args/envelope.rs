//! The arguments of `invar envelope` and `invar init`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

use super::{Format, WorldArgs, examples};

#[derive(Debug, Subcommand)]
pub(crate) enum EnvelopeCommand {
    /// Check that one envelope allows everything that another allows; exit code 34 if it does not
    #[command(after_help = examples::ENVELOPE_CHECK)]
    Check(EnvelopeCheckArgs),
    /// Run a skill in the lab and print the smallest envelope that its runs needed
    #[command(after_help = examples::ENVELOPE_LEARN)]
    Learn(Box<LearnArgs>),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct EnvelopeCheckArgs {
    /// The outer envelope: directory with skill.toml, a manifest, an envelope, or a policy (.yaml)
    pub(crate) outer: PathBuf,
    /// The inner envelope, which the outer one must cover; the same kinds
    #[arg(long, value_name = "ENVELOPE")]
    pub(crate) covers: PathBuf,
    /// Format of the output
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct LearnArgs {
    /// Directory with skill.toml, .wasm file, or name of an installed skill; its own envelope does not count
    pub(crate) skill: String,
    /// Number of runs in each series
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(3..=1_000_000))]
    pub(crate) runs: u32,
    /// Standard input of the skill: a file, or - to read it from standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) input: Option<String>,
    #[command(flatten)]
    pub(crate) world: WorldArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct InitArgs {
    /// The .wasm file; without it, the only one in the current directory
    pub(crate) component: Option<PathBuf>,
    /// Write to this new directory, with a copy of the component and the input, instead of beside the component
    #[arg(long, value_name = "DIR")]
    pub(crate) to: Option<PathBuf>,
    /// Standard input of the runs that the envelope is learnt from; skill.toml names it if it is in the same directory
    #[arg(long, value_name = "FILE")]
    pub(crate) input: Option<PathBuf>,
    /// Do not run it: the envelope stays empty
    #[arg(long)]
    pub(crate) no_runs: bool,
    /// Arguments of the skill, without its name; they are written to world.toml
    #[arg(last = true, value_name = "ARG")]
    pub(crate) args: Vec<String>,
}
