//! Datagrams.

use std::net::SocketAddr;

use super::connection::NetworkError;

/// Identity of a socket for datagrams while the run lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DatagramsId(pub u64);

/// A datagram that has arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Datagram {
    /// Who sent it.
    pub from: SocketAddr,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Sockets for datagrams of a world.
pub trait Datagrams {
    /// Opens a socket at an address that was taken. Only one whose port others can know is sent to by them first.
    fn open_datagrams(&mut self, local: SocketAddr, is_known: bool) -> DatagramsId;

    /// Receives from this address only, or from all; what has arrived from others is gone.
    fn tie(&mut self, socket: DatagramsId, remote: Option<SocketAddr>);

    /// Sends a datagram. `names` are those that lookups answered with the address.
    ///
    /// # Errors
    /// There is no way there. That nobody is there shows when something is received, if at all.
    fn send_datagram(
        &mut self,
        socket: DatagramsId,
        to: SocketAddr,
        names: &[String],
        bytes: &[u8],
    ) -> Result<(), NetworkError>;

    /// Takes the next datagram that has arrived; none: there is none yet.
    ///
    /// # Errors
    /// The address that the socket is tied to has refused one.
    fn receive_datagram(&mut self, socket: DatagramsId) -> Result<Option<Datagram>, NetworkError>;

    /// Closes a socket; what was on its way to it is gone.
    fn close_datagrams(&mut self, socket: DatagramsId);
}
