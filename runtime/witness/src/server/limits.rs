//! Limits of the server.

use std::time::Duration;

/// Connections at a time at most: each holds a request in memory. For one more, one of the peer that has most leaves.
pub const CONNECTIONS_MAX: usize = 64;
/// Connections of one peer at a time at most. For one more, its oldest leaves that asks nothing: a log needs one, and who
/// opens hundreds and sends nothing holds no places of others.
pub const PEER_CONNECTIONS_MAX: usize = 16;
/// Requests being decided at a time at most: each may hold a thread.
pub const DECISIONS_MAX: usize = 4;
/// Headers of a request at most: nobody makes us hold more.
pub const HEADERS_MAX: usize = 32;
/// Bytes of the head of a request at most: nobody makes us hold more.
pub const HEAD_BYTES_MAX: usize = 16 * 1024;
/// How long the head of a request may take, and how long a connection may be idle: who sends byte by byte holds a place.
pub const HEAD_TIME_MAX: Duration = Duration::from_secs(5);
/// How long a request may take as a whole, after its head: who sends byte by byte holds a place.
pub const REQUEST_TIME_MAX: Duration = Duration::from_secs(15);
/// How long a connection may last, whatever it does: who keeps it busy, or reads no answer, holds a place.
pub const CONNECTION_TIME_MAX: Duration = Duration::from_secs(60);
/// How long requests may take to finish once the server is to stop.
pub const STOP_TIME_MAX: Duration = Duration::from_secs(5);
/// How long to wait after a connection could not be accepted: without files to open, it would be tried for ever.
pub const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The limits of time; tests have shorter ones.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    pub(super) head: Duration,
    pub(super) request: Duration,
    pub(super) connection: Duration,
    pub(super) stop: Duration,
}

pub(super) const TIMES: Times = Times {
    head: HEAD_TIME_MAX,
    request: REQUEST_TIME_MAX,
    connection: CONNECTION_TIME_MAX,
    stop: STOP_TIME_MAX,
};
