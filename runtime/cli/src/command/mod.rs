//! The commands, a file each.

mod diff;
mod digests;
mod envelope;
mod example_calls;
mod functions;
mod generate;
mod history;
mod init;
mod inspect;
mod install;
mod ledger;
mod monitor;
mod printed;
mod replay;
mod run;
mod runtime;
mod trace;
mod witness;
mod world;

use digests::short;
use runtime::{compile, host, load};

use crate::{
    args::{Args, Command, HistoryCommand},
    error::Outcome,
    out::Out,
};

/// Runs the command.
pub(crate) fn dispatch(args: Args, out: &mut Out) -> Outcome {
    match args.command {
        Command::Run(args) => run::run(&args, out),
        Command::Inspect(args) => inspect::inspect(&args, out),
        Command::Init(args) => init::init(&args, out),
        Command::Envelope(command) => envelope::dispatch(&command, out),
        Command::Monitor(args) => monitor::monitor(&args, out),
        Command::Fuzz(args) => monitor::fuzz(&args, out),
        Command::Install(args) => install::install(&args, out),
        Command::List => install::list(out),
        Command::Replay(args) => replay::replay(&args, out),
        Command::Diff(args) => diff::diff(&args, out),
        Command::Trace(args) => trace::trace(&args, out),
        Command::World(command) => world::dispatch(&command, out),
        Command::Ledger(command) => ledger::dispatch(&command, out),
        Command::Witness(args) => witness::witness(&args, out),
        Command::History(HistoryCommand::Analyze(args)) => history::analyze(&args, out),
        Command::Completions { shell } => generate::completions(shell, out),
        Command::Man { directory } => generate::man(directory.as_deref(), out),
    }
}
