//! The state of a UDP socket and of its streams.

use std::{collections::BTreeSet, net::SocketAddr};

use crate::{
    bindings::wasi::sockets::network::{ErrorCode, IpAddressFamily},
    port::DatagramsId,
};

/// A UDP socket and its options.
#[derive(Debug, Clone)]
pub(crate) struct UdpSocket {
    pub(super) family: IpAddressFamily,
    pub(super) state: UdpState,
    /// The address that was taken, and whether others can know its port.
    pub(super) bound: Option<(SocketAddr, bool)>,
    pub(super) remote: Option<SocketAddr>,
    /// Streams that are open.
    pub(super) streams: u32,
    /// Who has sent to a port that others can know: what was let in may be answered.
    pub(super) senders: BTreeSet<SocketAddr>,
    pub(super) options: UdpOptions,
}

/// Where a socket is on its way.
#[derive(Debug, Clone, Copy)]
pub(super) enum UdpState {
    Unbound,
    /// `start-bind` has been called, `finish-bind` not yet.
    Binding,
    Bound(DatagramsId),
}

/// Socket options, with the defaults of Linux.
#[derive(Debug, Clone, Copy)]
pub(super) struct UdpOptions {
    pub(super) hop_limit: u8,
    pub(super) receive_buffer: u64,
    pub(super) send_buffer: u64,
}

/// One of the streams of a socket, both ways.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DatagramStream {
    /// The number of the socket's handle.
    pub(super) socket: u32,
    pub(super) datagrams: DatagramsId,
    pub(super) family: IpAddressFamily,
    pub(super) remote: Option<SocketAddr>,
}

impl UdpSocket {
    pub(super) fn new(family: IpAddressFamily) -> Self {
        let options = UdpOptions { hop_limit: 64, receive_buffer: 212_992, send_buffer: 212_992 };
        Self {
            family,
            state: UdpState::Unbound,
            bound: None,
            remote: None,
            streams: 0,
            senders: BTreeSet::new(),
            options,
        }
    }

    pub(super) fn local(&self) -> Result<SocketAddr, ErrorCode> {
        match (self.state, self.bound) {
            (UdpState::Bound(_), Some((address, _))) => Ok(address),
            _ => Err(ErrorCode::InvalidState),
        }
    }
}
