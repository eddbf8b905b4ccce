//! What the membrane needs from a world. Shims speak to these traits, worlds implement them.

mod clocks;
mod datagrams;
mod files;
mod http;
mod local;
mod network;
mod random;

pub use clocks::Clocks;
pub use datagrams::{Datagram, Datagrams, DatagramsId};
pub use files::{
    Access, FileError, FileWork, Files, Kind, Last, Listing, NodeId, Place, Stat, Times, Unresolved,
};
pub use http::{ExchangeId, FieldList, Head, Http, Request, RequestError, Timeouts};
pub use local::{Accepted, ListenerId, Local, machine, source};
pub use network::{ConnectionId, Network, NetworkError, Ready, Received};
pub use random::Random;

/// A world: one of each port.
pub struct Ports {
    /// Time.
    pub clocks: Box<dyn Clocks>,
    /// Files.
    pub files: Box<dyn Files>,
    /// Random bytes.
    pub random: Box<dyn Random>,
    /// Names and connections.
    pub network: Box<dyn Network>,
}
