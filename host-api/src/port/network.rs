//! Names and connections.

use std::net::{IpAddr, SocketAddr};

use invar_world::Change;

use super::{Datagrams, Http, Local};

/// Identity of a connection while the run lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConnectionId(pub u64);

/// The errors of the network, as far as a world gives them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkError {
    /// The name does not exist.
    NameUnresolvable,
    /// The resolver does not answer.
    TemporaryResolverFailure,
    /// The other side refuses.
    ConnectionRefused,
    /// The other side broke off.
    ConnectionReset,
    /// Nobody answers.
    Timeout,
    /// There is no way there.
    RemoteUnreachable,
    /// The address is none of this machine.
    AddressNotBindable,
    /// Another socket has the address, or all are taken.
    AddressInUse,
}

/// Something that is known once a time is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready<T> {
    /// From when, in nanoseconds.
    pub at_ns: u64,
    /// What is known then.
    pub value: T,
}

/// What reading a connection gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// Bytes, at least one.
    Data(Vec<u8>),
    /// Nothing yet.
    Pending,
    /// The other side has closed.
    Closed,
    /// The other side broke off.
    Reset,
}

/// The network of a world. `now_ns` is what the clocks have reached.
pub trait Network: Http + Local + Datagrams {
    /// Looks up a name, in the form that resolvers see.
    fn lookup(&mut self, name: &str, now_ns: u64) -> Ready<Result<Vec<IpAddr>, NetworkError>>;

    /// Opens a TCP connection. `names` are those that lookups answered with the address.
    fn connect(
        &mut self,
        address: SocketAddr,
        names: &[String],
        now_ns: u64,
    ) -> Ready<Result<ConnectionId, NetworkError>>;

    /// Sends bytes.
    ///
    /// # Errors
    /// The other side broke off.
    fn send(&mut self, connection: ConnectionId, bytes: &[u8], now_ns: u64) -> Result<(), NetworkError>;

    /// Takes at most `len` bytes that have arrived.
    fn receive(&mut self, connection: ConnectionId, len: usize, now_ns: u64) -> Received;

    /// From when on [`Network::receive`] gives something; none: never, as things stand.
    fn receive_ready_ns(&self, connection: ConnectionId) -> Option<u64>;

    /// The skill will send nothing more.
    fn shutdown(&mut self, connection: ConnectionId, now_ns: u64);

    /// Entries of the world's script that calls were compared with so far; long names and texts count as several.
    fn compared(&self) -> u64;

    /// Makes a substitution that concerns the network.
    fn change(&mut self, change: &Change);
}
