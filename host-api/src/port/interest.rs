//! What a run can wait for.

use super::{AttemptId, ConnectionId, DatagramsId, ExchangeId, ListenerId, LookupId};

/// Something that a run waits for. A lookup, an attempt or a request that is over is ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interest {
    /// Ready at once.
    Always,
    /// [`Clock::reached_ns`](super::Clock::reached_ns) comes to this.
    Timer(u64),
    /// The answer to a lookup.
    Lookup(LookupId),
    /// The end of an attempt to connect.
    Connect(AttemptId),
    /// A connection that comes to a listening socket.
    Accept(ListenerId),
    /// Bytes, or the end, of a connection.
    Receive(ConnectionId),
    /// Room for bytes to be sent.
    Send(ConnectionId),
    /// A datagram.
    Datagram(DatagramsId),
    /// The head of a response.
    Head(ExchangeId),
    /// Bytes, or the end, of a response's body.
    Body(ExchangeId),
    /// The fields after a response's body.
    Trailers(ExchangeId),
}
