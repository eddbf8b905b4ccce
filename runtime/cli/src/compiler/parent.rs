//! The parent: starts the child, waits for it, and says what became of it.

#![expect(clippy::disallowed_methods, reason = "this is where the process to compile in is started")]

use std::{
    ffi::OsString,
    io::{Read, Write},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    time::Duration,
};

use invar_engine::{Compiler, LoadError, Runs};

use super::{
    limits::{CPU, MEMORY, THREADS_MAX},
    words::{COPIES, ORIGINALS, WORD},
};
use crate::exit;

/// How long the parent waits. Stops a child that neither ends nor uses the processor.
const WALL_SECONDS_MAX: u64 = 30 * 60;
/// Bytes of code that one component comes to; the cache takes no more either.
const CODE_BYTES_MAX: u64 = 512 << 20;
/// Bytes that are read of what a child says.
const MESSAGE_BYTES_MAX: u64 = 16 << 10;

/// Compiles each component in a separate process.
pub(crate) struct ChildProcess;

impl Compiler for ChildProcess {
    fn compile(&self, runs: Runs, component: &[u8]) -> Result<Vec<u8>, LoadError> {
        let mut child = start(runs).map_err(|error| {
            LoadError::Engine(format!(
                "cannot start a process to compile in: {error}; does {} still exist?",
                own_name()
            ))
        })?;
        let ended = talk(&mut child, component);
        // If it has ended by itself, there is nothing to kill.
        let _ = child.kill();
        let status = child
            .wait()
            .map_err(|error| LoadError::Engine(format!("cannot wait for the compiler: {error}")))?;
        match ended {
            Some(said) if said.code.len() as u64 > CODE_BYTES_MAX => {
                Err(LoadError::Costly("512 MiB of code"))
            }
            Some(said) => outcome(status, said),
            None => Err(LoadError::Costly("30 minutes")),
        }
    }
}

/// What a child wrote.
struct OutputDigests {
    code: Vec<u8>,
    message: String,
}

fn start(runs: Runs) -> std::io::Result<Child> {
    let threads = std::thread::available_parallelism().map_or(1, |all| all.get().min(THREADS_MAX));
    let mut command = Command::new(ourselves()?);
    command
        .arg(WORD)
        .arg(match runs {
            Runs::Originals => ORIGINALS,
            Runs::Copies => COPIES,
        })
        .env("RAYON_NUM_THREADS", threads.to_string())
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // Ctrl-C is for us: it asks for the report, and must not look as if the compiler had broken.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn()
}

/// The binary that runs. On Linux by a name that stays true when the file is replaced meanwhile.
fn ourselves() -> std::io::Result<OsString> {
    match cfg!(target_os = "linux") {
        true => Ok("/proc/self/exe".into()),
        false => std::env::current_exe().map(Into::into),
    }
}

fn own_name() -> String {
    ourselves().map_or_else(|error| error.to_string(), |name| name.display().to_string())
}

/// Hands the component over and takes what comes back; none: nothing came in time.
fn talk(child: &mut Child, component: &[u8]) -> Option<OutputDigests> {
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        // A child that dies early takes less than everything: its status says why.
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(component)));
        let message = scope.spawn(move || read(stderr, MESSAGE_BYTES_MAX));
        scope.spawn(move || sender.send(read(stdout, CODE_BYTES_MAX + 1)));
        let code = receiver.recv_timeout(Duration::from_secs(WALL_SECONDS_MAX)).ok();
        // Closes what the other threads read from and write to.
        if code.as_ref().is_none_or(|code| code.len() as u64 > CODE_BYTES_MAX) {
            let _ = child.kill();
        }
        let message = message.join().unwrap_or_default();
        Some(OutputDigests { code: code?, message: String::from_utf8_lossy(&message).into_owned() })
    })
}

/// So many bytes at most; what cannot be read is missing, and the status says why.
fn read(from: Option<impl Read>, most: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(from) = from {
        let _ = from.take(most).read_to_end(&mut bytes);
    }
    bytes
}

/// What became of a child that ended.
fn outcome(status: ExitStatus, said: OutputDigests) -> Result<Vec<u8>, LoadError> {
    if status.success() {
        return Ok(said.code);
    }
    match status.code() {
        Some(code) if code == i32::from(exit::BAD_INPUT) => return Err(LoadError::Invalid(said.message)),
        Some(code) if code == i32::from(exit::INTERNAL) => return Err(LoadError::Engine(said.message)),
        _ => {}
    }
    // What Rust says before it gives up for want of memory.
    if said.message.contains("memory allocation of") {
        return Err(LoadError::Costly(MEMORY));
    }
    #[cfg(unix)]
    if std::os::unix::process::ExitStatusExt::signal(&status) == Some(rustix::process::Signal::XCPU.as_raw())
    {
        return Err(LoadError::Costly(CPU));
    }
    let first = said.message.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    Err(LoadError::Broke(match first {
        "" => status.to_string(),
        first => format!("{first} ({status})"),
    }))
}

#[cfg(all(test, unix))]
mod tests {
    use std::{os::unix::process::ExitStatusExt, process::ExitStatus};

    use invar_engine::LoadError;

    use super::{OutputDigests, outcome};

    /// Of a child that ended with this raw status, and said that.
    fn of(status: i32, message: &str) -> Result<Vec<u8>, LoadError> {
        outcome(ExitStatus::from_raw(status), OutputDigests { code: vec![1], message: message.into() })
    }

    #[test]
    fn how_a_child_ended_says_whose_fault_it_was() {
        assert_eq!(of(0, ""), Ok(vec![1]));
        assert_eq!(of(33 << 8, "type mismatch"), Err(LoadError::Invalid("type mismatch".into())));
        assert_eq!(of(1 << 8, "no room"), Err(LoadError::Engine("no room".into())));
        assert_eq!(of(24, ""), Err(LoadError::Costly("120 s of CPU time")));
        let out_of_memory = "memory allocation of 5116 bytes failed\n";
        assert_eq!(of(6, out_of_memory), Err(LoadError::Costly("2 GiB of memory")));
        let overflow = "\nthread 'main' has overflowed its stack\nfatal runtime error\n";
        let Err(LoadError::Broke(message)) = of(6, overflow) else { panic!("an end by a signal") };
        assert!(message.starts_with("thread 'main' has overflowed its stack (signal: 6"), "{message}");
        // A panic, and whatever kills without a word.
        assert!(matches!(of(101 << 8, "thread panicked"), Err(LoadError::Broke(_))));
        assert!(matches!(of(9, ""), Err(LoadError::Broke(_))));
    }
}
