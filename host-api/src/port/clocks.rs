//! Time.

use invar_trace::FunctionId;
use invar_world::{Change, Timestamp};

/// The clocks of a world. All of them agree with each other.
pub trait Clocks: Send {
    /// A call of `function` arrives after `fuel` in all, or the end: time moves on.
    fn tick(&mut self, function: FunctionId, fuel: u64);

    /// Nanoseconds since the start of the run.
    fn elapsed_ns(&self) -> u64;

    /// Part of it spent waiting.
    fn waited_ns(&self) -> u64;

    /// The time of day.
    fn wall(&self) -> Timestamp;

    /// The monotonic clock, in nanoseconds.
    fn monotonic_ns(&self) -> u64;

    /// How far the run has come by what can be waited for: the monotonic clock, and ahead of it what waiting was
    /// skipped. Everything that happens later happens at a time of this.
    fn reached_ns(&self) -> u64;

    /// Waits until `ns` is reached: lets time pass, or skips it.
    fn wait_until(&mut self, ns: u64);

    /// Makes a substitution that concerns clocks.
    fn change(&mut self, change: &Change);
}
