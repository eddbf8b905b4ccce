//! The child: bounds itself, compiles, and ends.

use std::{
    io::{Read, Write},
    process::ExitCode,
};

use invar_engine::{LoadError, Runs};

use super::{
    limits::{CPU_SECONDS_MAX, MEMORY_BYTES_MAX},
    words::{COPIES, ORIGINALS, WORD},
};
use crate::exit;

/// Compiles, if this process was started for it.
pub(crate) fn work_if_asked() -> Option<ExitCode> {
    let mut words = std::env::args_os().skip(1);
    if words.next()? != WORD {
        return None;
    }
    let runs = match words.next() {
        Some(word) if word == ORIGINALS => Runs::Originals,
        Some(word) if word == COPIES => Runs::Copies,
        _ => return Some(ExitCode::from(exit::USAGE)),
    };
    Some(ExitCode::from(work(runs)))
}

/// From standard input to standard output; errors go to standard error, for the parent to read.
fn work(runs: Runs) -> u8 {
    let mut component = Vec::new();
    let code = bound().and_then(|()| {
        let read = std::io::stdin().lock().read_to_end(&mut component);
        read.map_err(|error| LoadError::Engine(format!("cannot read the component to compile: {error}")))?;
        invar_engine::compile(runs, &component)
    });
    let written = code.and_then(|code| {
        let written = std::io::stdout().lock().write_all(&code);
        written.map_err(|error| LoadError::Engine(format!("cannot write the compiled code: {error}")))
    });
    let (code, message) = match written {
        Ok(()) => return exit::DONE,
        Err(LoadError::Invalid(message)) => (exit::BAD_INPUT, message),
        Err(other) => (exit::INTERNAL, other.to_string()),
    };
    // If nobody reads it, the parent has ended.
    let _ = std::io::stderr().lock().write_all(message.as_bytes());
    code
}

/// Sets the bounds of this process. The compiler has seen nothing of the skill yet.
fn bound() -> Result<(), LoadError> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

        let limit = |resource, most: u64, grace: u64| {
            // Whoever started us may have bounded us closer.
            let inherited = getrlimit(resource).maximum.unwrap_or(u64::MAX);
            let limit =
                Rlimit { current: Some(most.min(inherited)), maximum: Some((most + grace).min(inherited)) };
            setrlimit(resource, limit)
                .map_err(|error| LoadError::Engine(format!("cannot limit the compiler: {error}")))
        };
        // What it writes to, not what it reserves: threads reserve addresses, and more on larger machines.
        limit(Resource::Data, MEMORY_BYTES_MAX, 0)?;
        // The signal at the lower limit says why; at the upper one it is simply killed.
        limit(Resource::Cpu, CPU_SECONDS_MAX, 1)?;
        limit(Resource::Core, 0, 0)?;
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Signal, set_parent_process_death_signal};

        set_parent_process_death_signal(Some(Signal::KILL))
            .map_err(|error| LoadError::Engine(format!("cannot limit the compiler: {error}")))?;
    }
    Ok(())
}
