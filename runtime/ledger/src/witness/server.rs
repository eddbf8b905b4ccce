//! A witness on the network: HTTP/1.1, `POST /add-checkpoint` and nothing else.
//!
//! It speaks no TLS; a witness for others stands behind a server that does.

mod places;
mod serve;

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use thiserror::Error;
use tokio::sync::watch;

use super::Witness;

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

/// What was answered to whom, for the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Who asked.
    pub peer: SocketAddr,
    /// The status of HTTP.
    pub status: u16,
    /// What it was about, on one line. What strangers sent is escaped in it.
    pub text: String,
}

/// The limits of time; tests have shorter ones.
#[derive(Debug, Clone, Copy)]
struct Times {
    head: Duration,
    request: Duration,
    connection: Duration,
    stop: Duration,
}

const TIMES: Times = Times {
    head: HEAD_TIME_MAX,
    request: REQUEST_TIME_MAX,
    connection: CONNECTION_TIME_MAX,
    stop: STOP_TIME_MAX,
};

/// A server that is ready to run.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    witness: Arc<Witness>,
    times: Times,
    stop: watch::Sender<bool>,
}

/// What answers need.
struct Answering {
    witness: Arc<Witness>,
    times: Times,
    report: Box<dyn Fn(Report) + Send + Sync>,
}

/// Ends a server.
#[derive(Debug, Clone)]
pub struct Stop(watch::Sender<bool>);

/// Why a server does not run.
#[derive(Debug, Error)]
#[error("the witness cannot {what}: {source}")]
pub struct ServerError {
    what: &'static str,
    source: io::Error,
}

impl Server {
    /// A server for the witness, on a socket that listens.
    ///
    /// # Errors
    /// If the socket cannot be used.
    pub fn new(listener: TcpListener, witness: Witness) -> Result<Self, ServerError> {
        let failed = |source| ServerError { what: "use its socket", source };
        listener.set_nonblocking(true).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self {
            listener,
            address,
            witness: Arc::new(witness),
            times: TIMES,
            stop: watch::Sender::new(false),
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What ends it, from any thread.
    #[must_use]
    pub fn stop(&self) -> Stop {
        Stop(self.stop.clone())
    }

    /// Answers until it is stopped, and tells of every answer. Requests that are being answered then are finished.
    ///
    /// # Errors
    /// If the system does not let it.
    pub fn run(self, report: impl Fn(Report) + Send + Sync + 'static) -> Result<(), ServerError> {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        let runtime = builder.enable_io().enable_time().max_blocking_threads(DECISIONS_MAX).build();
        let runtime = runtime.map_err(|source| ServerError { what: "start", source })?;
        let stop = self.stop.subscribe();
        let answering =
            Arc::new(Answering { witness: self.witness, times: self.times, report: Box::new(report) });
        let result = runtime.block_on(serve::serve(self.listener, stop, answering));
        // What is being decided holds the witness; it is not to be cut off within a write.
        drop(runtime);
        result.map_err(|source| ServerError { what: "use its socket", source })
    }
}

impl Stop {
    /// Ends the server, soon. Once is enough.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

#[cfg(test)]
mod tests;
