//! The arguments of `invar world`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

use super::examples;

#[derive(Debug, Subcommand)]
pub(crate) enum WorldCommand {
    /// Write a world file that answers a skill as a recorded run was answered
    #[command(after_help = examples::WORLD_FROM)]
    From(WorldFromArgs),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct WorldFromArgs {
    /// Trace file, or ID/N: run N of report ID
    pub(crate) trace: String,
    /// Write the world to this file, and what it imports to a directory beside it, instead of to standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}
