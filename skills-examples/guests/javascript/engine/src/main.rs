//! A JavaScript engine that runs the script it carries: what it does is data, and every comparison of the script
//! is made by the engine's interpreter.

mod area;
mod clock;
mod host;
mod network;

use std::process::ExitCode;

use rquickjs::{CatchResultExt as _, Context, Runtime, context::intrinsic};

/// What scripts may use of the language's library.
type Library = (
    intrinsic::Date,
    intrinsic::Eval,
    intrinsic::RegExpCompiler,
    intrinsic::RegExp,
    intrinsic::Json,
    intrinsic::MapSet,
);

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let runtime = Runtime::new().map_err(|error| error.to_string())?;
    let context = Context::custom::<Library>(&runtime).map_err(|error| error.to_string())?;
    context.with(|ctx| {
        host::add(&ctx).catch(&ctx).map_err(|error| error.to_string())?;
        clock::start();
        ctx.eval::<(), _>(area::script()).catch(&ctx).map_err(|error| error.to_string())
    })
}
