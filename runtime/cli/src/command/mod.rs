//! The commands, a file each.

mod diff;
mod generate;
mod history;
mod inspect;
mod install;
mod ledger;
mod monitor;
mod replay;
mod run;
mod trace;
mod witness;

use invar_engine::{Engine, Skill};
use invar_ledger::body::RunMode;
use invar_trace::{Behaviour, RunSummary, Trace};
use invar_world::Digest;

use crate::{
    args::{Args, Command, HistoryCommand},
    compiler::ChildProcess,
    error::Outcome,
    home::Home,
    ledger::{Ledger, RunIdentity},
    out::Out,
    progress::Compiling,
};

/// Runs the command.
pub(crate) fn dispatch(args: Args, out: &mut Out) -> Outcome {
    match args.command {
        Command::Run(args) => run::run(&args, out),
        Command::Inspect(args) => inspect::inspect(&args, out),
        Command::Monitor(args) => monitor::monitor(&args, out),
        Command::Fuzz(args) => monitor::fuzz(&args, out),
        Command::Install(args) => install::install(&args, out),
        Command::List => install::list(out),
        Command::Replay(args) => replay::replay(&args, out),
        Command::Diff(args) => diff::diff(&args, out),
        Command::Trace(args) => trace::trace(&args, out),
        Command::Ledger(command) => ledger::dispatch(&command, out),
        Command::Witness(args) => witness::witness(&args, out),
        Command::History(HistoryCommand::Analyze(args)) => history::analyze(&args, out),
        Command::Completions { shell } => generate::completions(shell, out),
        Command::Man { directory } => generate::man(directory.as_deref(), out),
    }
}

/// An engine with the cache of this installation, and a skill in it. Problems with the cache are warnings.
fn load(home: &Home, file: &[u8], out: &mut Out) -> Outcome<(Engine, Skill)> {
    let engine = Engine::new(Some(home.code_cache()))?.with_compiler(Box::new(ChildProcess));
    let compiling = Compiling::new(out, file.len());
    let skill = engine.load(file)?;
    drop(compiling);
    for problem in engine.take_problems() {
        out.warning(&problem.to_string());
    }
    Ok((engine, skill))
}

/// Records one run, before its result is shown.
fn put_on_record(
    home: &Home,
    engine: &Engine,
    trace: &Trace,
    (place, agent): (RunMode, Option<&str>),
) -> Outcome<()> {
    let header = trace.header()?;
    let identity = RunIdentity {
        skill: &header.skill,
        component: header.component,
        engine: engine.digest(),
        envelope: header.envelope_digest(),
        agent,
        report: None,
        place,
    };
    let summary = RunSummary::of(0, trace, &Behaviour::of(trace)?)?;
    let mut ledger = ledger::open(home)?;
    ledger.add_runs(&identity, &[summary])?;
    ledger.close()?;
    Ok(())
}

/// `sha256:4f1c09…e2`
fn short(digest: Digest) -> String {
    let hex = digest.to_string();
    format!("sha256:{}…{}", &hex[..6], &hex[62..])
}
