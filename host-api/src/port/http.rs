//! HTTP requests.

use std::{sync::Arc, task::Poll};

use invar_envelope::Scheme;

use super::connection::Received;

/// Identity of a request and its response while the run lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExchangeId(pub u64);

/// Header fields in their order, names in the case they were given in.
pub type FieldList = Arc<Vec<(String, Vec<u8>)>>;

/// A request, as far as it is known when it is sent: its body follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The method, in the case it is sent in.
    pub method: String,
    /// HTTP or HTTPS.
    pub scheme: Scheme,
    /// A name in lower case and ASCII form, or an address without brackets.
    pub host: String,
    /// The port; that of the scheme if none was named.
    pub port: u16,
    /// From the first slash, with the query.
    pub path_with_query: String,
    /// Headers.
    pub headers: FieldList,
    /// How long it is waited for.
    pub timeouts: Timeouts,
}

impl Request {
    /// As an envelope and a script are held against it.
    #[must_use]
    pub fn asked(&self) -> invar_envelope::Request<'_> {
        let (path, query) = match self.path_with_query.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (self.path_with_query.as_str(), None),
        };
        invar_envelope::Request {
            scheme: self.scheme,
            method: &self.method,
            host: &self.host,
            port: self.port,
            path,
            query,
        }
    }
}

/// How long is waited, in nanoseconds; none: as long as the world does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection.
    pub connect_ns: Option<u64>,
    /// From the end of the request to the head of the response.
    pub first_byte_ns: Option<u64>,
    /// From one piece of the response's body to the next.
    pub between_bytes_ns: Option<u64>,
}

/// How a request fails, as far as a world gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestError {
    /// The resolver does not answer.
    DnsTimeout,
    /// The name does not exist.
    NameUnresolvable,
    /// There is no way there.
    Unroutable,
    /// The other side refuses.
    ConnectionRefused,
    /// Nobody accepts.
    ConnectionTimeout,
    /// No TLS connection comes about.
    Tls,
    /// The other side broke off.
    ConnectionTerminated,
    /// The response takes too long.
    ResponseTimeout,
    /// The rest of the body takes too long.
    ReadTimeout,
    /// The skill gave up the body of its request before it was whole.
    RequestIncomplete,
}

/// The beginning of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The status.
    pub status: u16,
    /// Headers.
    pub headers: FieldList,
}

/// How the body of a request ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EndOfRequest {
    /// It is whole, with the fields after it.
    Whole(FieldList),
    /// The skill gave it up.
    Abandoned,
}

/// The requests of a world.
pub trait Http: Send {
    /// Sends the head of a request. Its body follows, unless [`Http::end_request`] is called at once.
    fn start_request(&mut self, request: &Request) -> ExchangeId;

    /// Sends bytes of the request's body. A world that cannot take them yet keeps them.
    fn send_body(&mut self, exchange: ExchangeId, bytes: &[u8]);

    /// The body of the request has come to its end.
    fn end_request(&mut self, exchange: ExchangeId, end: EndOfRequest);

    /// The beginning of the response, or what became of the request, once it is known.
    fn head(&mut self, exchange: ExchangeId) -> Poll<Result<Head, RequestError>>;

    /// Takes at most `len` bytes of the response's body that have arrived.
    ///
    /// # Errors
    /// The body broke off.
    fn body(&mut self, exchange: ExchangeId, len: usize) -> Result<Received, RequestError>;

    /// The fields after the body, once they are known, the body read to its end or not. None: there are none.
    fn trailers(&mut self, exchange: ExchangeId) -> Poll<Result<Option<FieldList>, RequestError>>;

    /// Nobody will ask about it again.
    fn forget(&mut self, exchange: ExchangeId);
}
