//! Compiling in a child process, which the system stops when it exceeds its limits.
//!
//! The cost of compiling a skill cannot be predicted from its size, so a child process compiles every skill and every
//! instrumented copy: this binary, started with a word that is no command. The component goes in, the code comes out.
//! However the child ends, the parent reports it and continues.

mod child;
mod parent;

pub(crate) use child::work_if_asked;
pub(crate) use parent::ChildProcess;

/// The word that makes this binary the child; the next argument is the kind of component.
const WORD: &str = "__compile";
const ORIGINALS: &str = "originals";
const COPIES: &str = "copies";

/// Bytes of memory of a child. Stops kilobytes of loops inside loops, which come to gigabytes inside the compiler.
const MEMORY_BYTES_MAX: u64 = 2 << 30;
/// Seconds of the processor, all cores together. Stops what the compiler takes quadratic time for. The time of the
/// processor, not of the wall: a machine that is busy refuses nothing.
const CPU_SECONDS_MAX: u64 = 120;
/// Threads that compile. Each holds functions in memory: a component that fits on one machine should fit on a larger one.
const THREADS_MAX: usize = 8;
/// The names of the limits in messages.
const MEMORY: &str = "2 GiB of memory";
const CPU: &str = "120 s of CPU time";
