//! Programs of others, as they are: fetched by name and version, built, run here and in wasmtime, and compared.

mod build;
mod compare;
mod fetch;
mod monitored;
mod page;
mod program;
mod run;
mod summary;
pub(crate) mod tools;
mod written;

use std::fmt::Write as _;

use self::{compare::ProgramResult, program::Program, tools::Tools};
pub(crate) use self::{
    monitored::{MonitoredLine, MonitoredRun, monitor},
    tools::succeed,
};
use crate::project::{self, TaskResult};

/// What to do with the results.
#[derive(Clone, Copy)]
pub(crate) enum Choice<'a> {
    /// Write the page.
    All,
    /// Write nothing.
    Checked,
    /// Write nothing, and take the programs of these names alone.
    Named(&'a [&'a str]),
}

/// Fetches, builds and runs the programs, and writes or prints what came of it.
///
/// # Errors
///
/// If a tool is missing, a download is not what it should be, or a program differs for no known reason.
pub(crate) fn run(choice: Choice<'_>) -> TaskResult {
    let programs = program::all()?;
    let chosen: Vec<&Program> = match choice {
        Choice::Named(names) => program::named(&programs, names)?,
        Choice::All | Choice::Checked => programs.iter().collect(),
    };
    let tools = Tools::ready()?;
    let mut results = Vec::new();
    for program in chosen {
        let result = ProgramResult::of(&tools, program);
        eprintln!("{}", result.line());
        results.push(result);
    }
    if matches!(choice, Choice::All) {
        project::write(page::PAGE, &page::page(&results, &tools.measured()?))?;
    }
    unexplained(&results)
}

/// Prints what the page says, if it agrees with the table of programs.
///
/// # Errors
///
/// If it does not.
pub(crate) fn summarise() -> TaskResult {
    let summary = summary::of(&project::read(page::PAGE)?, &program::all()?)?;
    eprintln!("{summary}");
    Ok(())
}

/// An error that names what differs for no reason that the table gives.
fn unexplained(results: &[ProgramResult<'_>]) -> TaskResult {
    let mut text = String::new();
    for result in results.iter().filter(|result| !result.is_equal() && result.program.known.is_none()) {
        for difference in result.differences() {
            let _ = writeln!(text, "{}: {difference}", result.program.name);
        }
    }
    if text.is_empty() { Ok(()) } else { Err(text) }
}
