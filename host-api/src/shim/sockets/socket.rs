//! The state of a TCP socket.

use std::net::SocketAddr;

use crate::{
    bindings::wasi::sockets::network::{ErrorCode, IpAddressFamily},
    port::{AttemptId, ConnectionId, ListenerId},
};

/// A TCP socket and its options.
#[derive(Debug, Clone)]
pub(crate) struct Socket {
    pub(super) family: IpAddressFamily,
    pub(crate) state: State,
    pub(super) local: Option<SocketAddr>,
    /// The address that it has taken for itself.
    pub(super) bound: Option<SocketAddr>,
    pub(super) options: Options,
}

/// Where a socket is on its way.
#[derive(Debug, Clone)]
pub(crate) enum State {
    Unconnected,
    /// `start-bind` has been called, `finish-bind` not yet.
    Binding,
    Connecting {
        remote: SocketAddr,
        attempt: AttemptId,
    },
    Connected {
        remote: SocketAddr,
        connection: ConnectionId,
    },
    /// `start-listen` has been called, `finish-listen` not yet.
    ListenStarted,
    Listening(ListenerId),
    /// An attempt failed.
    Closed(ErrorCode),
}

/// Socket options, with the defaults of Linux.
#[derive(Debug, Clone)]
pub(super) struct Options {
    pub(super) keep_alive: bool,
    pub(super) keep_alive_idle_ns: u64,
    pub(super) keep_alive_interval_ns: u64,
    pub(super) keep_alive_count: u32,
    pub(super) hop_limit: u8,
    pub(super) receive_buffer: u64,
    pub(super) send_buffer: u64,
    /// Connections that may wait to be accepted.
    pub(super) backlog: u32,
}

impl Socket {
    pub(super) fn new(family: IpAddressFamily) -> Self {
        const NS_PER_S: u64 = 1_000_000_000;
        let options = Options {
            keep_alive: false,
            keep_alive_idle_ns: 7200 * NS_PER_S,
            keep_alive_interval_ns: 75 * NS_PER_S,
            keep_alive_count: 9,
            hop_limit: 64,
            receive_buffer: 131_072,
            send_buffer: 16_384,
            backlog: 128,
        };
        Self { family, state: State::Unconnected, local: None, bound: None, options }
    }

    /// The options, unless an attempt has failed: then there is no socket behind them any more.
    pub(super) fn options(&mut self) -> Result<&mut Options, ErrorCode> {
        match &self.state {
            State::Closed(error) => Err(*error),
            State::Connecting { .. } => Err(ErrorCode::InvalidState),
            _ => Ok(&mut self.options),
        }
    }

    pub(super) fn remote(&self) -> Result<SocketAddr, ErrorCode> {
        match &self.state {
            State::Connected { remote, .. } => Ok(*remote),
            State::Closed(error) => Err(*error),
            _ => Err(ErrorCode::InvalidState),
        }
    }

    pub(super) fn local(&self) -> Result<SocketAddr, ErrorCode> {
        match &self.state {
            State::Closed(error) => Err(*error),
            State::Connecting { .. } | State::Binding => Err(ErrorCode::InvalidState),
            _ => self.local.ok_or(ErrorCode::InvalidState),
        }
    }
}
