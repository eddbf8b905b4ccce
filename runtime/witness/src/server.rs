//! A witness on the network: HTTP/1.1, `POST /add-checkpoint` and nothing else.
//!
//! It speaks no TLS; a witness for others stands behind a server that does.

mod connections;
pub mod limits;
mod serve;

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use thiserror::Error;
use tokio::sync::watch;

pub use self::serve::Report;
use self::{
    limits::{DECISIONS_MAX, TIMES, Times},
    serve::Answering,
};
use crate::witness::Witness;

/// A server that is ready to run.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    witness: Arc<Witness>,
    times: Times,
    stop: watch::Sender<bool>,
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
