//! What a child may take.

/// Bytes of memory of a child. Stops kilobytes of loops inside loops, which come to gigabytes inside the compiler.
pub(super) const MEMORY_BYTES_MAX: u64 = 2 << 30;
/// Seconds of the processor, all cores together. Stops what the compiler takes quadratic time for. The time of the
/// processor, not of the wall: a machine that is busy refuses nothing.
pub(super) const CPU_SECONDS_MAX: u64 = 120;
/// Threads that compile. Each holds functions in memory: a component that fits on one machine should fit on a larger one.
pub(super) const THREADS_MAX: usize = 8;
/// The names of the limits in messages.
pub(super) const MEMORY: &str = "2 GiB of memory";
pub(super) const CPU: &str = "120 s of CPU time";
