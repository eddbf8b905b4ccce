//! The command line.
//!
//! [`main`] reads the arguments, passes them to the command, and converts the result into an exit code. Commands
//! are a file each; what they read from the host goes through `files` and `home`, what they write to it
//! through `out` and the store of `invar-host`.

mod args;
mod calls;
mod command;
mod compiler;
mod error;
mod escape;
mod exit;
mod home;
mod ledger;
mod out;
mod progress;
mod report;
mod show;
mod skill;
mod witnesses;
mod world;

use std::process::ExitCode;

use clap::Parser;

use invar_host::files;

use crate::{args::Args, out::Out};

/// Runs the command that the process was started with.
#[must_use]
pub fn main() -> ExitCode {
    if let Some(code) = compiler::work_if_asked() {
        return code;
    }
    let mut out = Out::terminal();
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return out.bad_arguments(&error, std::env::args_os()),
    };
    let code = match command::dispatch(args, &mut out) {
        Ok(code) => code,
        Err(error) => {
            out.error(&error);
            error.exit_code()
        }
    };
    match out.finish() {
        Ok(()) => ExitCode::from(code),
        Err(broken) => broken,
    }
}
