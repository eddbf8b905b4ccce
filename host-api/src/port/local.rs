//! The local end of the network: addresses that sockets take, and inbound clients that connect to them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use invar_envelope::Scheme;

use super::connection::{ConnectionId, NetworkError};

/// The address of the machine that skills run on, beside those of its loopback.
#[must_use]
pub fn machine(is_ipv6: bool) -> IpAddr {
    match is_ipv6 {
        false => Ipv4Addr::new(10, 0, 2, 15).into(),
        true => Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0x15).into(),
    }
}

/// The address that something sent there comes from.
#[must_use]
pub fn source(to: IpAddr) -> IpAddr {
    if to.is_loopback() { to } else { machine(to.is_ipv6()) }
}

/// Identity of a socket that listens while the run lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListenerId(pub u64);

/// A connection that came from elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted {
    /// The connection.
    pub connection: ConnectionId,
    /// The address it came to.
    pub local: SocketAddr,
    /// The address it came from.
    pub remote: SocketAddr,
}

/// Addresses and listening sockets of a world.
pub trait Local {
    /// Takes an address for a socket. Port 0 asks for any: `any` is where the search for a free one begins.
    ///
    /// # Errors
    /// Not an address of this machine; taken.
    fn bind(&mut self, scheme: Scheme, address: SocketAddr, any: u16) -> Result<SocketAddr, NetworkError>;

    /// Gives an address back.
    fn unbind(&mut self, scheme: Scheme, address: SocketAddr);

    /// Listens at an address that was taken; `backlog` connections of the skill to itself may wait.
    fn listen(&mut self, address: SocketAddr, backlog: u32) -> ListenerId;

    /// Lets so many connections wait from now on.
    fn set_backlog(&mut self, listener: ListenerId, backlog: u32);

    /// The next connection that has come; none: nobody has.
    fn accept(&mut self, listener: ListenerId) -> Option<Accepted>;

    /// Listens no more. Who waited is reset.
    fn close_listener(&mut self, listener: ListenerId);
}
