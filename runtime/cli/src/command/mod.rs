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

use invar_engine::Skill;
use invar_host::{Host, LoadedSkill, skill::SkillFiles};
use invar_world::Digest;

use crate::{
    args::{Args, Command, HistoryCommand},
    compiler::ChildProcess,
    error::Outcome,
    home::Home,
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

/// The host of this installation: its audit trail, its cache, its compiler.
fn host(home: &Home) -> Outcome<Host> {
    let builder = Host::builder(crate::ledger::options(home)?);
    Ok(builder.cache(home.code_cache()).compiler(Box::new(ChildProcess)).build()?)
}

/// Compiles a component or module for a host. A problem with the cache is a warning.
fn compile(host: &Host, file: &[u8], out: &mut Out) -> Outcome<Skill> {
    let compiling = Compiling::new(out, file.len());
    let skill = host.compile(file)?;
    drop(compiling);
    warn_of_cache(host, out);
    Ok(skill)
}

/// The same of a skill, with its files.
fn load(host: &Host, files: SkillFiles, out: &mut Out) -> Outcome<LoadedSkill> {
    let compiling = Compiling::new(out, files.component.len());
    let skill = host.load_files(files)?;
    drop(compiling);
    warn_of_cache(host, out);
    Ok(skill)
}

fn warn_of_cache(host: &Host, out: &mut Out) {
    for problem in host.cache_problems() {
        out.warning(&problem.to_string());
    }
}

/// `sha256:4f1c09…e2`
fn short(digest: Digest) -> String {
    let hex = digest.to_string();
    format!("sha256:{}…{}", &hex[..6], &hex[62..])
}
