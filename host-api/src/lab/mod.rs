//! The virtual world: everything in it follows from data, so that a run can be repeated to the bit.

mod clocks;
mod connection;
mod datagrams;
mod files;
mod http;
mod local;
mod network;
mod random;
mod time_schedule;

use std::sync::Arc;

pub use clocks::LabClocks;
pub use files::LabFiles;
use invar_world::{Run, Tree, World};
pub use network::LabNetwork;
pub use random::LabRandom;
pub use time_schedule::TimeSchedule;

use crate::port::Ports;

/// The ports of one run in a virtual world that begins with `files`.
#[must_use]
pub fn ports(world: &World, run: &Run, files: Tree) -> Ports {
    with(LabClocks::new(world, run), world, run, files)
}

/// The same, with the time of an earlier run.
#[must_use]
pub fn ports_on_schedule(world: &World, run: &Run, files: Tree, schedule: Arc<TimeSchedule>) -> Ports {
    with(LabClocks::on_schedule(world, run, schedule), world, run, files)
}

fn with(clocks: LabClocks, world: &World, run: &Run, files: Tree) -> Ports {
    Ports {
        clocks: Box::new(clocks),
        files: Box::new(LabFiles::new(files)),
        random: Box::new(LabRandom::new(run, &world.random_first)),
        network: Box::new(
            LabNetwork::new(world.network.clone(), world.names.clone(), world.network_condition)
                .with_visitors(world.inbound_clients.clone()),
        ),
    }
}
