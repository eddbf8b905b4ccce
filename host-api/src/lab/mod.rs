//! The virtual world: everything in it follows from data, so that a run can be repeated to the bit.

mod clock;
mod connection;
mod datagrams;
mod exchange;
mod files;
mod home;
mod http;
mod local;
mod mailbox;
mod network;
mod random;
mod time_schedule;
mod timing;
mod world;

pub use clock::LabClock;
pub use files::LabFiles;
pub use network::LabNetwork;
pub use random::LabRandom;
pub use time_schedule::TimeSchedule;
pub use world::LabWorld;
