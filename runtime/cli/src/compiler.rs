//! Compiling in a child process, which the system stops when it exceeds its limits.
//!
//! What a skill makes of the compiler is not to be told from its size, so every skill and every instrumented copy is
//! compiled by a child: this binary again, with one word that no command has. The component goes in, the code comes out.
//! Whatever becomes of the child, the parent says it and goes on.

mod child;
mod parent;

pub(crate) use child::work_if_asked;
pub(crate) use parent::ChildProcess;

/// The word that makes this binary the child; behind it stands what is compiled for.
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
/// How a skill that took too much is told so.
const MEMORY: &str = "2 GiB of memory";
const CPU: &str = "120 s of CPU time";
