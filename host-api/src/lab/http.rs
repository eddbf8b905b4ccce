//! HTTP requests that a script answers; without an entry, the status is 200 and the body empty.

use std::{collections::BTreeMap, net::IpAddr, sync::Arc};

use invar_world::{Asked, Connect, End, Failure, Lookup, Responder, Weather};

use super::{
    LabNetwork,
    network::{CONNECT_TIMEOUT_NS, IDLE_NS, LOOKUP_TIMEOUT_NS},
};
use crate::port::{ExchangeId, FieldList, Head, Http, Received, Request, RequestError, Timeouts};

/// Bytes of a body that arrive at once.
const CHUNK_BYTES: u64 = 16 << 10;
/// Time from one chunk of a body to the next: 16 MB a second.
const CHUNK_NS: u64 = 1_000_000;
/// How long a response is waited for that does not come, if the skill does not say.
const FIRST_BYTE_TIMEOUT_NS: u64 = 600_000_000_000;

/// Requests on their way, and how many there have been.
#[derive(Default)]
pub(super) struct Exchanges {
    open: BTreeMap<ExchangeId, Exchange>,
    next: u64,
}

/// One request and its response.
struct Exchange {
    script: Arc<Vec<Responder>>,
    /// The entry that answers; none: everything is taken, and nothing said.
    entry: Option<usize>,
    timeouts: Timeouts,
    latency_ns: u64,
    /// When the connection stands, or that it does not.
    connected_ns: u64,
    failed: Option<RequestError>,
    /// When the request was whole.
    ended_ns: Option<u64>,
    /// Bytes of the response's body that were read.
    read: u64,
}

impl Exchange {
    fn answer(&self) -> Option<&Responder> {
        self.script.get(self.entry?)
    }

    /// Whether the script has it fail so, or end so.
    fn is(&self, failure: Failure, end: End) -> bool {
        self.answer().is_some_and(|answer| answer.fails == Some(failure) || answer.end == end)
    }

    /// When it is known what becomes of it, and what.
    fn outcome(&self) -> (u64, Result<(), RequestError>) {
        if let Some(error) = self.failed {
            return (self.connected_ns, Err(error));
        }
        // A server that gets no end of a request answers when it has waited long enough.
        let ended_ns = self.ended_ns.unwrap_or_else(|| self.connected_ns.saturating_add(IDLE_NS));
        let asked_ns = ended_ns.max(self.connected_ns);
        let limit_ns = self.timeouts.first_byte_ns.unwrap_or(FIRST_BYTE_TIMEOUT_NS);
        match self.is(Failure::Timeout, End::Open) || self.latency_ns > limit_ns {
            true => (asked_ns.saturating_add(limit_ns), Err(RequestError::ResponseTimeout)),
            false => (asked_ns.saturating_add(self.latency_ns), Ok(())),
        }
    }

    /// How much of the body comes, and why no more; none: it is whole.
    fn comes(&self) -> (u64, Option<RequestError>) {
        let whole = self.answer().map_or(0, Responder::body_len);
        let is_slow = self.timeouts.between_bytes_ns.is_some_and(|limit_ns| limit_ns < CHUNK_NS);
        match (self.is(Failure::Reset, End::Reset), is_slow && whole > CHUNK_BYTES) {
            (true, _) => (whole / 2, Some(RequestError::ConnectionTerminated)),
            (false, true) => (CHUNK_BYTES, Some(RequestError::ReadTimeout)),
            (false, false) => (whole, None),
        }
    }

    /// When the byte at an offset of the body arrives, or its end.
    fn arrives_ns(&self, offset: u64) -> u64 {
        let (head_ns, _) = self.outcome();
        head_ns.saturating_add((offset / CHUNK_BYTES).saturating_mul(CHUNK_NS))
    }

    fn read(&mut self, len: usize, now_ns: u64) -> Result<Received, RequestError> {
        let (comes, breaks) = self.comes();
        if self.arrives_ns(self.read) > now_ns {
            return Ok(Received::Pending);
        }
        if self.read >= comes {
            return breaks.map_or(Ok(Received::Closed), Err);
        }
        // Up to the end of the last chunk that has arrived.
        let chunks = now_ns.saturating_sub(self.arrives_ns(0)) / CHUNK_NS + 1;
        let arrived = chunks.saturating_mul(CHUNK_BYTES).min(comes) - self.read;
        let len = len.min(usize::try_from(arrived).unwrap_or(len));
        let bytes = self.answer().map(|answer| answer.body_at(self.read, len)).unwrap_or_default();
        self.read += bytes.len() as u64;
        Ok(Received::Data(bytes))
    }
}

impl LabNetwork {
    /// Whether the name of a request stands for an address, and a connection comes about; how long that takes.
    fn reach(&self, request: &Request, entry: Option<&Responder>) -> (u64, Option<RequestError>) {
        let latency_ns = self.latency_ns(entry);
        let failed = |error| (latency_ns, Some(error));
        let is_address = request.host.parse::<IpAddr>().is_ok();
        // Of a name that an entry for sockets resolves, too.
        let lookup = || {
            let named = self.script.iter().find(|entry| entry.matches.allows_lookup(&request.host));
            entry.or(named).map_or(Lookup::Own, |entry| entry.lookup.clone())
        };
        let lookup = match (self.weather, self.set.get(&request.host)) {
            _ if is_address => Lookup::Own,
            (Some(Weather::Down), _) => Lookup::Timeout,
            (Some(Weather::Nxdomain), _) => Lookup::Nxdomain,
            (_, Some(addresses)) if addresses.is_empty() => Lookup::Nxdomain,
            (_, Some(_)) => Lookup::Own,
            (_, None) => lookup(),
        };
        let fails = entry.and_then(|entry| entry.fails);
        match (lookup, fails) {
            (Lookup::Timeout, _) => return (LOOKUP_TIMEOUT_NS, Some(RequestError::DnsTimeout)),
            (Lookup::Nxdomain, _) | (_, Some(Failure::Nxdomain)) => {
                return failed(RequestError::NameUnresolvable);
            }
            (Lookup::Own | Lookup::Addresses(_), _) => {}
        }
        let connect = match self.weather {
            Some(Weather::Down) => Connect::Unreachable,
            Some(Weather::Refused) => Connect::Refused,
            _ if fails == Some(Failure::Refused) => Connect::Refused,
            _ => entry.map_or(Connect::Accept, |entry| entry.connect),
        };
        let limit_ns = request.timeouts.connect_ns.unwrap_or(CONNECT_TIMEOUT_NS);
        match connect {
            _ if latency_ns > limit_ns => (limit_ns, Some(RequestError::ConnectionTimeout)),
            Connect::Timeout => (limit_ns, Some(RequestError::ConnectionTimeout)),
            Connect::Refused => failed(RequestError::ConnectionRefused),
            Connect::Unreachable => failed(RequestError::Unroutable),
            Connect::Accept if fails == Some(Failure::Tls) => failed(RequestError::Tls),
            Connect::Accept => (latency_ns, None),
        }
    }

    fn exchange(&self, exchange: ExchangeId) -> Option<&Exchange> {
        self.exchanges.open.get(&exchange)
    }
}

impl Http for LabNetwork {
    fn request(&mut self, request: &Request, now_ns: u64) -> ExchangeId {
        let id = ExchangeId(self.exchanges.next);
        self.exchanges.next += 1;
        let asked = Asked { request: request.asked(), headers: &request.headers };
        let index = self.script.iter().position(|entry| entry.answers(&asked));
        let entry = index.and_then(|index| self.script.get(index));
        let (takes_ns, failed) = self.reach(request, entry);
        let exchange = Exchange {
            script: self.script.clone(),
            entry: index,
            latency_ns: self.latency_ns(entry),
            timeouts: request.timeouts,
            connected_ns: now_ns.saturating_add(takes_ns),
            failed,
            ended_ns: None,
            read: 0,
        };
        self.exchanges.open.insert(id, exchange);
        id
    }

    fn end_request(&mut self, exchange: ExchangeId, whole: bool, now_ns: u64) {
        let Some(exchange) = self.exchanges.open.get_mut(&exchange) else { return };
        exchange.ended_ns = Some(now_ns);
        if !whole && exchange.failed.is_none() {
            exchange.failed = Some(RequestError::RequestIncomplete);
            exchange.connected_ns = exchange.connected_ns.max(now_ns);
        }
    }

    fn head_ready_ns(&self, exchange: ExchangeId) -> u64 {
        self.exchange(exchange).map_or(0, |exchange| exchange.outcome().0)
    }

    fn head(&mut self, exchange: ExchangeId, now_ns: u64) -> Option<Result<Head, RequestError>> {
        let Some(exchange) = self.exchange(exchange) else {
            return Some(Err(RequestError::ConnectionTerminated));
        };
        let (at_ns, outcome) = exchange.outcome();
        (at_ns <= now_ns).then(|| {
            outcome.map(|()| match exchange.answer() {
                Some(answer) => Head { status: answer.status, headers: fields(&answer.headers) },
                None => Head { status: 200, headers: FieldList::default() },
            })
        })
    }

    fn body(&mut self, exchange: ExchangeId, len: usize, now_ns: u64) -> Result<Received, RequestError> {
        match self.exchanges.open.get_mut(&exchange) {
            Some(exchange) => exchange.read(len, now_ns),
            None => Ok(Received::Closed),
        }
    }

    fn body_ready_ns(&self, exchange: ExchangeId) -> u64 {
        self.exchange(exchange).map_or(0, |exchange| exchange.arrives_ns(exchange.read))
    }

    fn trailers_ready_ns(&self, exchange: ExchangeId) -> u64 {
        self.exchange(exchange).map_or(0, |exchange| exchange.arrives_ns(exchange.comes().0))
    }

    fn trailers(&self, exchange: ExchangeId) -> Result<Option<FieldList>, RequestError> {
        let Some(exchange) = self.exchange(exchange) else { return Ok(None) };
        match exchange.comes().1 {
            Some(error) => Err(error),
            None => {
                let trailers = exchange.answer().map(|answer| answer.trailers.as_slice());
                Ok(trailers.filter(|trailers| !trailers.is_empty()).map(fields))
            }
        }
    }

    fn forget(&mut self, exchange: ExchangeId) {
        self.exchanges.open.remove(&exchange);
    }
}

fn fields(list: &[(String, String)]) -> FieldList {
    Arc::new(list.iter().map(|(name, value)| (name.clone(), value.clone().into_bytes())).collect())
}
