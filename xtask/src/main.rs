//! `cargo xtask TASK`: what the project does to itself.

#![expect(clippy::print_stderr, reason = "a task talks to the person who runs it")]
#![expect(
    clippy::disallowed_methods,
    reason = "tasks run programs, measure time and write files of the project"
)]

mod componentized;
mod detection;
mod functions;
mod guests;
mod project;
mod real;
mod skills;
mod suite;

use std::{path::Path, process::ExitCode};

use detection::{Choice, Outside};

const TASKS: &str = "\
cargo xtask functions [--check]   write runtime/trace/src/function/table.rs from wit/
cargo xtask skills [--check]      build the skills of skills-examples/ and write their lock files
cargo xtask guests                put the scripts of skills-examples/guests/javascript into the engine, and unpack skills-examples/tools/python
cargo xtask guests --componentized  build those in Python and JavaScript that are not committed, into target/guests
cargo xtask detection             monitor corpus and guests, compare with what they are, write docs/detection.md
cargo xtask detection --check     the same with less of a budget for honest skills, and fail if too few are reported right
cargo xtask detection NAME...     the same of the skills with one of these in their name: expected and reported
cargo xtask detection --guests [NAME...]  the same of the componentized guests; without NAME, write their table
cargo xtask detection --cases DIR [--monitor] [NAME...]  measure built cases that are no part of the project, by their
                                  cases.csv; without NAME, write their section
cargo xtask detection --real [NAME...]  monitor the real programs, each with the envelope that is learnt from it; without
                                  NAME, write their section, else print that of these
cargo xtask real                  run programs of others here and in wasmtime, compare, write docs/compatibility.md
cargo xtask real --check          the same, write nothing, and fail if one differs for no known reason
cargo xtask real --summary        print what docs/compatibility.md says, if it agrees with the table of programs
cargo xtask real --only NAME...   the same of these programs
cargo xtask wasi-testsuite --dir DIR
                                  run the modules of a checkout or build of WebAssembly/wasi-testsuite, and fail if one
                                  does not pass";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args[..] {
        ["functions"] => functions::write(),
        ["functions", "--check"] => functions::check(),
        ["skills"] => skills::build(),
        ["skills", "--check"] => skills::check(),
        ["guests"] => guests::write().and_then(|()| skills::unpack()),
        ["guests", "--componentized"] => componentized::write(),
        ["detection"] => detection::run(&Choice::All),
        ["detection", "--check"] => detection::run(&Choice::Checked),
        ["detection", "--guests"] => detection::run(&Choice::Componentized(&[])),
        ["detection", "--guests", ref names @ ..] => detection::run(&Choice::Componentized(names)),
        ["detection", "--cases", directory, "--monitor", ref names @ ..] => {
            detection::run_outside(&Outside { directory: Path::new(directory), monitor: true, names })
        }
        ["detection", "--cases", directory, ref names @ ..] => {
            detection::run_outside(&Outside { directory: Path::new(directory), monitor: false, names })
        }
        ["detection", "--real", ref names @ ..] => detection::run_real(names),
        ["detection", ref names @ ..] if names.iter().all(|name| !name.starts_with('-')) => {
            detection::run(&Choice::Named(names))
        }
        ["real"] => real::run(real::Choice::All),
        ["real", "--check"] => real::run(real::Choice::Checked),
        ["real", "--summary"] => real::summarise(),
        ["real", "--only", ref names @ ..] if !names.is_empty() => real::run(real::Choice::Named(names)),
        ["wasi-testsuite", "--dir", directory] => suite::run(Path::new(directory)),
        _ => Err(TASKS.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
