//! The library as the commands use it.

use invar_engine::Skill;
use invar_host::Host;

use crate::{compiler::ChildProcess, error::Outcome, home::Home, out::Out, progress::Compiling};

/// The host of this installation: its audit trail, its cache, its compiler.
pub(super) fn host(home: &Home) -> Outcome<Host> {
    let builder = Host::builder(crate::ledger::options(home)?);
    Ok(builder.cache(home.code_cache()).compiler(Box::new(ChildProcess)).build()?)
}

/// Compiles a skill for a host. A problem with the cache is a warning.
pub(super) fn load(host: &Host, file: &[u8], out: &mut Out) -> Outcome<Skill> {
    let compiling = Compiling::new(out, file.len());
    let skill = host.compile(file)?;
    drop(compiling);
    for problem in host.cache_problems() {
        out.warning(&problem.to_string());
    }
    Ok(skill)
}
