//! Names and connections.

use std::{
    net::{IpAddr, SocketAddr},
    task::Poll,
};

use super::{
    Datagrams, Http, Local,
    connection::{ConnectionId, NetworkError, Received},
};

/// Identity of a lookup until it is finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LookupId(pub u64);

/// Identity of an attempt to connect until it is finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AttemptId(pub u64);

/// The network of a world.
pub trait Network: Http + Local + Datagrams {
    /// Looks up a name, in the form that resolvers see.
    fn start_lookup(&mut self, name: &str) -> LookupId;

    /// The addresses, once they are known; the lookup is over then.
    fn finish_lookup(&mut self, lookup: LookupId) -> Poll<Result<Vec<IpAddr>, NetworkError>>;

    /// Nobody waits for the lookup any more.
    fn cancel_lookup(&mut self, lookup: LookupId);

    /// Opens a TCP connection from one address to another. `names` are those that lookups answered with the other.
    fn start_connect(&mut self, from: SocketAddr, to: SocketAddr, names: &[String]) -> AttemptId;

    /// The connection, once it stands; the attempt is over then.
    fn finish_connect(&mut self, attempt: AttemptId) -> Poll<Result<ConnectionId, NetworkError>>;

    /// Nobody waits for the attempt any more.
    fn cancel_connect(&mut self, attempt: AttemptId);

    /// Sends bytes, as many as there is room for; gives how many.
    ///
    /// # Errors
    /// The other side broke off.
    fn send(&mut self, connection: ConnectionId, bytes: &[u8]) -> Result<usize, NetworkError>;

    /// Takes at most `len` bytes that have arrived.
    fn receive(&mut self, connection: ConnectionId, len: usize) -> Received;

    /// The skill will send nothing more.
    fn shutdown(&mut self, connection: ConnectionId);

    /// Entries of the world's script that calls were compared with so far; long names and texts count as several.
    fn compared(&self) -> u64;
}
