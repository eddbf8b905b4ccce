//! One virtual time.

use std::sync::Arc;

use invar_trace::{
    FunctionId,
    functions::{monotonic_clock, wall_clock},
};
use invar_world::{Change, Machine, Run, Speed, Timestamp, World};

use super::time_schedule::{ScheduledTime, TimeSchedule};
use crate::port::Clock;

/// Time that moves with fuel: wall clock, monotonic clock, waiting and file times all read it, so that no two
/// of them can contradict each other.
///
/// Each unit of fuel takes the world's picoseconds. Each host call takes a fixed time and a seeded jitter on
/// top, both scaled with the machine's speed, so that two readings are never the same and never a pattern.
///
/// With the time of an earlier run, the schedule says when each call comes, whatever the fuel.
#[derive(Debug, Clone)]
pub struct LabClock {
    start: Timestamp,
    uptime_ns: u64,
    speed: Speed,
    jitter: u64,
    fuel: u64,
    elapsed_ns: u64,
    /// Below a nanosecond, in picoseconds.
    elapsed_ps: u64,
    waited_ns: u64,
    skips_sleep: bool,
    /// What waiting would have taken.
    skipped_ns: u64,
    on_schedule: Option<ScheduledTime>,
    /// Added to the wall clock alone, by substitution.
    wall_shift_ns: i64,
    /// Which reading comes late, and what the clocks are exact to.
    machine: Machine,
    /// Readings until now, counted while one is to come late.
    readings: u64,
}

/// Fuel that a host call costs on a clock: about what it costs in real time.
const CALL_FUEL: u64 = 200;
/// The jitter of a call is below this; a power of two.
const JITTER_FUEL: u64 = 64;
const PS_PER_NS: u64 = 1000;

impl LabClock {
    /// Clocks at the start of a run.
    #[must_use]
    pub fn new(world: &World, run: &Run) -> Self {
        let [a, b, c, d, e, f, g, h, ..] = run.jitter.0;
        Self {
            start: run.start,
            uptime_ns: run.uptime_ns,
            speed: world.speed,
            jitter: u64::from_be_bytes([a, b, c, d, e, f, g, h]),
            fuel: 0,
            elapsed_ns: 0,
            elapsed_ps: 0,
            waited_ns: 0,
            skips_sleep: world.skips_sleep,
            skipped_ns: 0,
            on_schedule: None,
            wall_shift_ns: 0,
            machine: world.machine,
            readings: 0,
        }
    }

    /// Clocks at the start of a run that is served the time of another.
    #[must_use]
    pub fn on_schedule(world: &World, run: &Run, schedule: Arc<TimeSchedule>) -> Self {
        Self { on_schedule: Some(ScheduledTime::new(schedule)), ..Self::new(world, run) }
    }

    /// SplitMix64: one multiplication-heavy step, good enough for jitter and the same everywhere.
    fn jitter(&mut self) -> u64 {
        self.jitter = self.jitter.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.jitter;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Waits until `ns` is reached: lets time pass, or skips it.
    pub(super) fn wait_until(&mut self, ns: u64) {
        let wait = ns.saturating_sub(self.reached_ns());
        if self.skips_sleep {
            self.skipped_ns = self.skipped_ns.saturating_add(wait);
            return;
        }
        self.waited_ns = self.waited_ns.saturating_add(wait);
        self.elapsed_ns = self.elapsed_ns.saturating_add(wait);
    }

    /// Makes a substitution that concerns time.
    pub(super) fn change(&mut self, change: &Change) {
        match change {
            Change::Clock(time) => {
                let shift = i128::from(time.0) - i128::from(self.start.after(self.elapsed_ns).0);
                self.wall_shift_ns =
                    i64::try_from(shift).unwrap_or(if shift < 0 { i64::MIN } else { i64::MAX });
            }
            // A monotonic clock does not go back: only the wall clock does.
            Change::Advance(ns) => match u64::try_from(*ns) {
                Ok(ns) => self.elapsed_ns = self.elapsed_ns.saturating_add(ns),
                Err(_) => self.wall_shift_ns = self.wall_shift_ns.saturating_add(*ns),
            },
            Change::Speed(factor) => {
                if let Some(speed) = self.speed.times(f64::from_bits(*factor)) {
                    self.speed = speed;
                }
            }
            Change::SkipSleep => self.skips_sleep = true,
            Change::Resolution(ns) => self.machine.resolution_ns = Some(*ns),
            Change::Late(late) => self.machine.late = Some(*late),
            // A monotonic clock does not go back.
            Change::Uptime(ns) => self.uptime_ns = self.uptime_ns.max(ns.saturating_sub(self.elapsed_ns)),
            _ => {}
        }
    }
}

impl Clock for LabClock {
    fn tick(&mut self, function: FunctionId, fuel: u64) -> u64 {
        if let Some(late) = self.machine.late
            && matches!(function, monotonic_clock::NOW | wall_clock::NOW)
        {
            self.readings += 1;
            if self.readings == late.reading {
                self.elapsed_ns = self.elapsed_ns.saturating_add(late.by_ns);
            }
        }
        if let Some(on_schedule) = &mut self.on_schedule {
            self.elapsed_ns = on_schedule.tick(function, self.elapsed_ns);
            return self.elapsed_ns;
        }
        let step = fuel.saturating_sub(self.fuel) + CALL_FUEL + self.jitter() % JITTER_FUEL;
        self.fuel = fuel;
        let ps = step.saturating_mul(u64::from(self.speed.0)).saturating_add(self.elapsed_ps);
        // At least a nanosecond, however fast the machine.
        self.elapsed_ns = self.elapsed_ns.saturating_add((ps / PS_PER_NS).max(1));
        self.elapsed_ps = ps % PS_PER_NS;
        self.elapsed_ns
    }

    fn elapsed_ns(&self) -> u64 {
        self.elapsed_ns
    }

    fn waited_ns(&self) -> u64 {
        self.waited_ns
    }

    fn wall(&self) -> Timestamp {
        let exact = self.start.after(self.elapsed_ns).0.saturating_add_signed(self.wall_shift_ns);
        Timestamp(self.machine.shown_ns(exact))
    }

    fn monotonic_ns(&self) -> u64 {
        self.machine.shown_ns(self.uptime_ns.saturating_add(self.elapsed_ns))
    }

    fn reached_ns(&self) -> u64 {
        self.uptime_ns.saturating_add(self.elapsed_ns).saturating_add(self.skipped_ns)
    }
}

#[cfg(test)]
mod tests {
    use invar_trace::{FunctionId, functions::monotonic_clock};
    use invar_world::{Change, Late, Speed, Timestamp, World};

    use super::LabClock;
    use crate::port::Clock;

    fn clocks(speed: Speed) -> LabClock {
        let world = World { speed, ..World::default() };
        LabClock::new(&world, &world.run(1, Timestamp(0)))
    }

    const CALL: FunctionId = FunctionId(1);

    #[test]
    fn both_clocks_move_together_and_with_fuel() {
        let mut clocks = clocks(Speed(1000));
        let (wall, monotonic) = (clocks.wall().0, clocks.monotonic_ns());
        clocks.tick(CALL, 1_000_000);
        let passed = clocks.wall().0 - wall;
        assert_eq!(passed, clocks.monotonic_ns() - monotonic);
        assert!((1_000_200..1_000_264).contains(&passed), "{passed}");
    }

    #[test]
    fn two_calls_never_see_the_same_time_however_fast_the_machine() {
        let mut clocks = clocks(Speed(1));
        for _ in 0..100 {
            let before = clocks.monotonic_ns();
            clocks.tick(CALL, 0);
            assert!(clocks.monotonic_ns() > before);
        }
    }

    #[test]
    fn waiting_is_counted_apart() {
        let mut clocks = clocks(Speed(1000));
        clocks.wait_until(clocks.monotonic_ns() + 5);
        clocks.wait_until(0);
        assert_eq!((clocks.waited_ns(), clocks.elapsed_ns()), (5, 5));
    }

    #[test]
    fn skipped_waiting_moves_no_clock_but_what_is_waited_for() {
        let mut clocks = clocks(Speed(1000));
        clocks.wait_until(clocks.reached_ns() + 5);
        clocks.change(&Change::SkipSleep);
        let (wall, monotonic, reached) = (clocks.wall(), clocks.monotonic_ns(), clocks.reached_ns());
        assert_eq!(reached, monotonic);
        clocks.wait_until(reached + 1_000_000);
        assert_eq!((clocks.wall(), clocks.monotonic_ns()), (wall, monotonic));
        assert_eq!((clocks.waited_ns(), clocks.elapsed_ns()), (5, 5));
        assert_eq!(clocks.reached_ns(), reached + 1_000_000);
        clocks.tick(CALL, 0);
        assert!(clocks.reached_ns() > reached + 1_000_000);
    }

    #[test]
    fn a_set_clock_moves_the_wall_and_passing_time_moves_both() {
        let mut clocks = clocks(Speed(1000));
        let monotonic = clocks.monotonic_ns();
        let time = Timestamp::parse("2038-01-19T03:14:08Z").unwrap();
        clocks.change(&Change::Clock(time));
        assert_eq!((clocks.wall(), clocks.monotonic_ns()), (time, monotonic));
        clocks.change(&Change::Advance(7));
        assert_eq!((clocks.wall(), clocks.monotonic_ns()), (time.after(7), monotonic + 7));
        clocks.change(&Change::Advance(-7));
        assert_eq!((clocks.wall(), clocks.monotonic_ns()), (time, monotonic + 7));
    }

    #[test]
    fn one_reading_comes_late_and_time_goes_on_from_there() {
        let mut clocks = clocks(Speed(1000));
        clocks.change(&Change::Late(Late { reading: 2, by_ns: 1_000_000 }));
        let mut read = |function| {
            let before = clocks.monotonic_ns();
            clocks.tick(function, 0);
            clocks.monotonic_ns() - before >= 1_000_000
        };
        let reading = monotonic_clock::NOW;
        assert_eq!([reading, CALL, reading, reading].map(&mut read), [false, false, true, false]);
    }

    #[test]
    fn a_coarse_clock_shows_whole_steps_and_loses_no_time() {
        let mut clocks = clocks(Speed(1000));
        clocks.change(&Change::Resolution(1_000_000));
        let reached = clocks.reached_ns();
        for _ in 0..10_000 {
            clocks.tick(CALL, 0);
        }
        assert_eq!((clocks.wall().0 % 1_000_000, clocks.monotonic_ns() % 1_000_000), (0, 0));
        assert!(clocks.reached_ns() - reached > 2_000_000);
    }

    #[test]
    fn an_uptime_that_is_set_moves_the_monotonic_clock_alone() {
        let mut clocks = clocks(Speed(1000));
        let wall = clocks.wall();
        let longer = clocks.monotonic_ns() + 5;
        clocks.change(&Change::Uptime(longer));
        assert_eq!((clocks.wall(), clocks.monotonic_ns()), (wall, longer));
        clocks.change(&Change::Uptime(0));
        assert_eq!(clocks.monotonic_ns(), longer);
    }

    #[test]
    fn time_ends_without_overflowing() {
        let mut clocks = clocks(Speed(u32::MAX));
        clocks.tick(CALL, u64::MAX - 1000);
        clocks.wait_until(u64::MAX);
        clocks.change(&Change::Advance(i64::MAX));
        clocks.change(&Change::Clock(Timestamp(0)));
        let _ = (clocks.wall(), clocks.monotonic_ns());
    }
}
