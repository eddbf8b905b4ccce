//! The virtual world: everything in it follows from data, so that a run can be repeated to the bit.

mod clocks;
mod files;
mod network;
mod random;

pub use clocks::LabClocks;
pub use files::LabFiles;
use invar_world::{Run, Tree, World};
pub use network::LabNetwork;
pub use random::LabRandom;

use crate::port::Ports;

/// The ports of one run in a virtual world that begins with `files`.
#[must_use]
pub fn ports(world: &World, run: &Run, files: Tree) -> Ports {
    Ports {
        clocks: Box::new(LabClocks::new(world, run)),
        files: Box::new(LabFiles::new(files)),
        random: Box::new(LabRandom::new(run, &world.random_first)),
        network: Box::new(LabNetwork::new(world.network.clone(), world.names.clone(), world.weather)),
    }
}
