//! The arguments of `invar run` and `invar inspect`, and where, when and with what a skill runs.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::Format;

#[derive(Debug, ClapArgs)]
pub(crate) struct RunArgs {
    /// Directory with skill.toml, .wasm file, or name of an installed skill
    pub(crate) skill: String,
    #[command(flatten)]
    pub(crate) world: WorldArgs,
    /// Standard input of the skill: a file, or - to read it from standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) input: Option<String>,
    /// Network destination that a live run may reach; a lab run reaches nothing outside
    #[arg(long, value_name = "PATTERN")]
    pub(crate) network: Vec<String>,
    /// Agent that requests the run, for the audit trail
    #[arg(long, value_name = "ID")]
    pub(crate) agent: Option<String>,
    /// Write the trace to this file
    #[arg(long, value_name = "TRACE")]
    pub(crate) record: Option<PathBuf>,
    /// Stop the run after this much fuel; can only lower the lab's limit
    #[arg(long, value_name = "N")]
    pub(crate) fuel: Option<u64>,
    /// Stop the run after this much virtual time, such as 10s; sleeping does not count; can only lower the limit
    #[arg(long, value_name = "DURATION")]
    pub(crate) timeout: Option<String>,
}

/// Where, when and with what a skill runs.
#[derive(Debug, Default, ClapArgs)]
pub(crate) struct WorldArgs {
    /// World to run in: lab (virtual), live, or a world file
    #[arg(long, value_name = "lab|live|FILE")]
    pub(crate) world: Option<String>,
    /// Set an environment variable of the world
    #[arg(long = "env", value_name = "NAME=VALUE")]
    pub(crate) variables: Vec<String>,
    /// Virtual start time of the first run, such as 2026-01-15T16:00:00Z
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    /// Seed of all random values
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Envelope to check the skill against, instead of the one in its skill.toml
    #[arg(long, value_name = "FILE")]
    pub(crate) envelope: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) invocation: InvocationArgs,
}

/// What a skill is invoked with: a function to call, directories beside the files of its world, and arguments in place of
/// those of the world.
#[derive(Debug, Default, Clone, ClapArgs)]
pub(crate) struct InvocationArgs {
    /// Call this exported function; a part of its name is enough where only one function has it
    #[arg(long, value_name = "NAME")]
    pub(crate) call: Option<String>,
    /// Arguments of the function, by name, as JSON
    #[arg(long = "args", value_name = "JSON|@FILE", requires = "call")]
    pub(crate) call_args: Option<String>,
    /// Add a copy of a host directory to the world, at the same path without GUEST; :ro makes it read-only
    #[arg(long = "dir", value_name = "HOST[::GUEST][:ro]")]
    pub(crate) directories: Vec<String>,
    /// Arguments of the skill, without its name; they replace those of the world
    #[arg(last = true, value_name = "ARG")]
    pub(crate) args: Vec<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct InspectArgs {
    /// Directory with skill.toml, .wasm file, or name of an installed skill
    pub(crate) skill: String,
    /// Envelope to check the skill against, instead of the one in its skill.toml
    #[arg(long, value_name = "FILE")]
    pub(crate) envelope: Option<PathBuf>,
    /// Format of the output
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}
