//! When run *i* starts, and with which seeds.

use minicbor::{Decode, Encode};

use crate::{Digest, FirstRun, Seed, Timestamp, World};

/// What sets one run apart from another of the same world: its clock and its randomness.
///
/// The clock has a separate seed, for the jitter of the machine, so that the monitor can put another
/// run's randomness in place and leave the clock alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Run {
    /// Number of the run, from 1.
    #[n(0)]
    pub number: u32,
    /// Wall clock at the first instruction.
    #[n(1)]
    pub start: Timestamp,
    /// Monotonic clock at the first instruction, in nanoseconds: how long the machine has been up.
    #[n(2)]
    pub uptime_ns: u64,
    /// Seeds the jitter of the clock.
    #[n(3)]
    pub jitter: Seed,
    /// Seeds the random bytes.
    #[n(4)]
    pub random: Seed,
}

impl World {
    /// Run `number` (from 1), `previous_end` being when the run before ended.
    ///
    /// It starts at `start + (number − 1) · interval`, or when the run before ended if that is later; its
    /// seed is SHA-256(seed ‖ number), but for run 1 of a world that says another.
    #[must_use]
    pub fn run(&self, number: u32, previous_end: Timestamp) -> Run {
        const NS_PER_DAY: u64 = 86_400_000_000_000;
        let planned = self.start.after(u64::from(number.saturating_sub(1)).saturating_mul(self.interval_ns));
        let start = planned.max(previous_end);
        // Up for a few days when run 1 starts: a machine that was just switched on looks like a sandbox.
        let [first, second, ..] = self.seed_of("invar/uptime", 0).0;
        let usual_ns = 2 * NS_PER_DAY + (u64::from(first) << 8 | u64::from(second)) * (NS_PER_DAY / 0x4000);
        let uptime_ns = self.uptime_ns.unwrap_or(usual_ns);
        let own = if number == 1 { self.first_run } else { FirstRun::default() };
        Run {
            number,
            start,
            uptime_ns: uptime_ns.saturating_add(start.0 - self.start.0.min(start.0)),
            jitter: own.jitter.unwrap_or_else(|| self.seed_of("invar/clock", number)),
            random: own.random.unwrap_or_else(|| self.seed_of("invar/random", number)),
        }
    }

    /// The seed that stands for a number in `--set random=`.
    #[must_use]
    pub fn seed_from(number: u64) -> Seed {
        Digest::of_parts("invar/random-set", &[&number.to_be_bytes()])
    }

    fn seed_of(&self, domain: &str, number: u32) -> Seed {
        Digest::of_parts(domain, &[&self.seed.to_be_bytes(), &number.to_be_bytes()])
    }
}

#[cfg(test)]
mod tests {
    use super::FirstRun;
    use crate::{Digest, Timestamp, World};

    #[test]
    fn runs_start_an_interval_apart_or_when_the_one_before_ended() {
        let world = World::default();
        let hour = 3_600_000_000_000;
        assert_eq!(world.run(1, Timestamp(0)).start, world.start);
        assert_eq!(world.run(3, Timestamp(0)).start, world.start.after(2 * hour));
        let late = world.start.after(5 * hour);
        assert_eq!(world.run(3, late).start, late);
    }

    #[test]
    fn run_1_has_the_seeds_and_the_machine_the_uptime_that_the_world_says() {
        let (usual, seed) = (World::default(), Digest([7; 32]));
        let first_run = FirstRun { random: Some(seed), jitter: None };
        let world = World { first_run, uptime_ns: Some(5), ..World::default() };
        let (one, two) = (world.run(1, Timestamp(0)), world.run(2, Timestamp(0)));
        assert_eq!((one.random, one.jitter, one.uptime_ns), (seed, usual.run(1, Timestamp(0)).jitter, 5));
        assert_eq!((two.random, two.uptime_ns), (usual.run(2, Timestamp(0)).random, 5 + world.interval_ns));
    }

    #[test]
    fn each_run_has_seeds_of_its_own() {
        let world = World::default();
        let (one, two) = (world.run(1, Timestamp(0)), world.run(2, Timestamp(0)));
        assert_ne!(one.random, two.random);
        assert_ne!(one.random, one.jitter);
        let other = World { seed: 8, ..World::default() };
        assert_ne!(other.run(1, Timestamp(0)).random, one.random);
    }
}
