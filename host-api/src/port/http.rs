//! HTTP requests.

use std::sync::Arc;

use invar_envelope::Scheme;

use super::Received;

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
    /// The port, the scheme's own if none was named.
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

/// The requests of a world. `now_ns` is what the clocks have reached.
pub trait Http: Send {
    /// Sends a request. Its body follows, unless [`Http::end_request`] is called at once.
    fn request(&mut self, request: &Request, now_ns: u64) -> ExchangeId;

    /// The body of the request has come to its end, whole or not.
    fn end_request(&mut self, exchange: ExchangeId, whole: bool, now_ns: u64);

    /// From when on it is known what becomes of a request.
    fn head_ready_ns(&self, exchange: ExchangeId) -> u64;

    /// The beginning of the response; none: not yet.
    fn head(&mut self, exchange: ExchangeId, now_ns: u64) -> Option<Result<Head, RequestError>>;

    /// Takes at most `len` bytes of the response's body that have arrived.
    fn body(&mut self, exchange: ExchangeId, len: usize, now_ns: u64) -> Result<Received, RequestError>;

    /// From when on [`Http::body`] gives something.
    fn body_ready_ns(&self, exchange: ExchangeId) -> u64;

    /// From when on the fields after the body are known, read to its end or not.
    fn trailers_ready_ns(&self, exchange: ExchangeId) -> u64;

    /// The fields after the body, or why it did not come to its end. None: there are none.
    ///
    /// # Errors
    /// The body broke off.
    fn trailers(&self, exchange: ExchangeId) -> Result<Option<FieldList>, RequestError>;

    /// Nobody will ask about it again.
    fn forget(&mut self, exchange: ExchangeId);
}
