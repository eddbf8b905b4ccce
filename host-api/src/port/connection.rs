//! Connections: what reading one gives, and what can go wrong.

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
