//! The library as the commands use it.

use invar_engine::Skill;
use invar_host::{Host, LoadedSkill, skill::SkillFiles};

use crate::{compiler::ChildProcess, error::Outcome, home::Home, out::Out, progress::Compiling};

/// The host of this installation: its audit trail, its cache, its compiler.
pub(super) fn host(home: &Home) -> Outcome<Host> {
    let builder = Host::builder(crate::ledger::options(home)?);
    Ok(builder.cache(home.code_cache()).compiler(Box::new(ChildProcess)).build()?)
}

/// Compiles a component or module for a host. A problem with the cache is a warning.
pub(super) fn compile(host: &Host, file: &[u8], out: &mut Out) -> Outcome<Skill> {
    let compiling = Compiling::new(out, file.len());
    let skill = host.compile(file)?;
    drop(compiling);
    warn_of_cache(host, out);
    Ok(skill)
}

/// The same of a skill, with its files.
pub(super) fn load(host: &Host, files: SkillFiles, out: &mut Out) -> Outcome<LoadedSkill> {
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
