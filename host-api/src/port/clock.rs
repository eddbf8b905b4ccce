//! Time.

use invar_trace::FunctionId;
use invar_world::Timestamp;

/// The clocks of a world. All of them agree with each other.
pub trait Clock: Send {
    /// A call of `function` arrives after `fuel` in all, or the end. Virtual time moves on; real time does so by itself. Gives
    /// what [`elapsed_ns`](Self::elapsed_ns) is now: one call through the world less on the way of every host call.
    fn tick(&mut self, function: FunctionId, fuel: u64) -> u64;

    /// Nanoseconds since the start of the run.
    fn elapsed_ns(&self) -> u64;

    /// Part of it spent waiting.
    fn waited_ns(&self) -> u64;

    /// The time of day.
    fn wall(&self) -> Timestamp;

    /// The monotonic clock, in nanoseconds.
    fn monotonic_ns(&self) -> u64;

    /// How far the run has come by what can be waited for: the monotonic clock, and ahead of it any waiting that was
    /// skipped. Timers ([`Interest::Timer`](super::Interest::Timer)) count by it.
    fn reached_ns(&self) -> u64;
}
