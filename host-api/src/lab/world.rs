//! The lab as a world: one time for all of it, and waiting that takes none of the host's.

use std::sync::Arc;

use invar_world::{Change, Run, Tree, World as Given};

use super::{LabClock, LabFiles, LabNetwork, LabRandom, TimeSchedule};
use crate::{
    port::{Clock, Files, Interest, Network, NotSubstitutable, Random, World},
    stop::Stop,
};

/// A virtual world.
pub struct LabWorld {
    clock: LabClock,
    files: LabFiles,
    network: LabNetwork,
    random: LabRandom,
}

impl LabWorld {
    /// The world of one run, which begins with `files`.
    #[must_use]
    pub fn new(world: &Given, run: &Run, files: Tree) -> Self {
        Self::with(LabClock::new(world, run), world, run, files)
    }

    /// The same, with the time of an earlier run.
    #[must_use]
    pub fn on_schedule(world: &Given, run: &Run, files: Tree, schedule: Arc<TimeSchedule>) -> Self {
        Self::with(LabClock::on_schedule(world, run, schedule), world, run, files)
    }

    fn with(clock: LabClock, world: &Given, run: &Run, files: Tree) -> Self {
        Self {
            clock,
            files: LabFiles::new(files),
            random: LabRandom::new(run, &world.random_first),
            network: LabNetwork::new(world.network.clone(), world.names.clone(), world.network_condition)
                .with_inbound_clients(world.inbound_clients.clone()),
        }
    }

    /// When it is ready, as the clock reaches it; none: never, as things stand.
    fn ready_ns(&self, interest: Interest) -> Option<u64> {
        match interest {
            Interest::Always => Some(0),
            Interest::Timer(at_ns) => Some(at_ns),
            interest => self.network.ready_ns(interest),
        }
    }
}

impl World for LabWorld {
    fn clock(&mut self) -> &mut dyn Clock {
        &mut self.clock
    }

    fn files(&mut self) -> &mut dyn Files {
        self.files.now = self.clock.wall();
        &mut self.files
    }

    fn network(&mut self) -> &mut dyn Network {
        self.network.now_ns = self.clock.reached_ns();
        &mut self.network
    }

    fn random(&mut self) -> &mut dyn Random {
        &mut self.random
    }

    fn wait(&mut self, any_of: &[Interest]) -> Result<(), Stop> {
        let earliest_ns = any_of.iter().filter_map(|interest| self.ready_ns(*interest)).min();
        self.clock.wait_until(earliest_ns.ok_or(Stop::Deadlock)?);
        Ok(())
    }

    fn is_ready(&mut self, interest: Interest) -> bool {
        self.ready_ns(interest).is_some_and(|at_ns| at_ns <= self.clock.reached_ns())
    }

    fn substitute(&mut self, change: &Change) -> Result<(), NotSubstitutable> {
        self.clock.change(change);
        self.files.now = self.clock.wall();
        self.files.change(change);
        self.random.change(change);
        self.network.change(change);
        Ok(())
    }

    fn finish(self: Box<Self>) -> Option<Tree> {
        Some(self.files.into_tree())
    }
}

#[cfg(test)]
mod tests {
    use invar_world::{Timestamp, Tree, World as Given};

    use super::LabWorld;
    use crate::{
        port::{Interest, World},
        stop::Stop,
    };

    fn world() -> LabWorld {
        let given = Given::default();
        LabWorld::new(&given, &given.run(1, Timestamp(0)), Tree::new(Timestamp(0)))
    }

    #[test]
    fn waiting_goes_to_the_earliest_and_takes_no_longer() {
        let mut world = world();
        let now = world.clock().reached_ns();
        let timers = [Interest::Timer(now + 9), Interest::Timer(now + 5)];
        assert_eq!(world.wait(&timers), Ok(()));
        assert_eq!(timers.map(|timer| world.is_ready(timer)), [false, true]);
        assert_eq!(world.clock().reached_ns(), now + 5);
    }

    #[test]
    fn waiting_for_what_can_never_be_is_a_deadlock() {
        let mut world = world();
        let listener = world.network().listen("127.0.0.1:80".parse().unwrap(), 1);
        assert_eq!(world.wait(&[Interest::Accept(listener)]), Err(Stop::Deadlock));
        assert_eq!(world.wait(&[Interest::Accept(listener), Interest::Always]), Ok(()));
    }
}
