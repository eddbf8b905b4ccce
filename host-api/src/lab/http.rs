//! HTTP requests that a script answers; without an entry, the status is 200 and the body empty.

use std::{net::IpAddr, sync::Arc, task::Poll};

use invar_world::{Asked, Connect, Failure, Lookup, NetworkCondition, Responder};

use super::{
    LabNetwork,
    exchange::Exchange,
    timing::{CONNECT_TIMEOUT_NS, LOOKUP_TIMEOUT_NS},
};
use crate::port::{EndOfRequest, ExchangeId, FieldList, Head, Http, Received, Request, RequestError};

/// Bytes of a path that count as one more entry when it is compared.
const TEXT_BYTES: usize = 64;

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
        let lookup = match (self.network_condition, self.set.get(&request.host)) {
            _ if is_address => Lookup::Own,
            (Some(NetworkCondition::Down), _) => Lookup::Timeout,
            (Some(NetworkCondition::Nxdomain), _) => Lookup::Nxdomain,
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
        let connect = match self.network_condition {
            Some(NetworkCondition::Down) => Connect::Unreachable,
            Some(NetworkCondition::Refused) => Connect::Refused,
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

    /// When it is known what becomes of a request.
    pub(super) fn head_ready_ns(&self, exchange: ExchangeId) -> u64 {
        self.exchange(exchange).map_or(0, |exchange| exchange.outcome().0)
    }

    /// When more of a body, or its end, arrives.
    pub(super) fn body_ready_ns(&self, exchange: ExchangeId) -> u64 {
        self.exchange(exchange).map_or(0, |exchange| exchange.arrives_ns(exchange.read))
    }

    /// When the fields after a body are known.
    pub(super) fn trailers_ready_ns(&self, exchange: ExchangeId) -> u64 {
        self.exchange(exchange).map_or(0, |exchange| exchange.arrives_ns(exchange.comes().0))
    }
}

impl Http for LabNetwork {
    fn start_request(&mut self, request: &Request) -> ExchangeId {
        let id = ExchangeId(self.exchanges.next);
        self.exchanges.next += 1;
        let names = (request.path_with_query.len() / TEXT_BYTES).max(request.headers.len()).max(1);
        self.compared += (self.script.len() * (names + 1)) as u64;
        let asked = Asked { request: request.asked(), headers: &request.headers };
        let index = self.script.iter().position(|entry| entry.answers(&asked));
        let entry = index.and_then(|index| self.script.get(index));
        let (takes_ns, failed) = self.reach(request, entry);
        let exchange = Exchange {
            script: self.script.clone(),
            entry: index,
            latency_ns: self.latency_ns(entry),
            timeouts: request.timeouts,
            connected_ns: self.now_ns.saturating_add(takes_ns),
            failed,
            ended_ns: None,
            read: 0,
        };
        self.exchanges.open.insert(id, exchange);
        id
    }

    /// A script does not answer by what a body holds; the trace keeps it.
    fn send_body(&mut self, _: ExchangeId, _: &[u8]) {}

    fn end_request(&mut self, exchange: ExchangeId, end: EndOfRequest) {
        let Some(exchange) = self.exchanges.open.get_mut(&exchange) else { return };
        exchange.ended_ns = Some(self.now_ns);
        if end == EndOfRequest::Abandoned && exchange.failed.is_none() {
            exchange.failed = Some(RequestError::RequestIncomplete);
            exchange.connected_ns = exchange.connected_ns.max(self.now_ns);
        }
    }

    fn head(&mut self, exchange: ExchangeId) -> Poll<Result<Head, RequestError>> {
        let Some(exchange) = self.exchange(exchange) else {
            return Poll::Ready(Err(RequestError::ConnectionTerminated));
        };
        let (at_ns, outcome) = exchange.outcome();
        if at_ns > self.now_ns {
            return Poll::Pending;
        }
        Poll::Ready(outcome.map(|()| match exchange.answer() {
            Some(answer) => Head { status: answer.status, headers: fields(&answer.headers) },
            None => Head { status: 200, headers: FieldList::default() },
        }))
    }

    fn body(&mut self, exchange: ExchangeId, len: usize) -> Result<Received, RequestError> {
        match self.exchanges.open.get_mut(&exchange) {
            Some(exchange) => exchange.read(len, self.now_ns),
            None => Ok(Received::Closed),
        }
    }

    fn trailers(&mut self, exchange: ExchangeId) -> Poll<Result<Option<FieldList>, RequestError>> {
        if self.trailers_ready_ns(exchange) > self.now_ns {
            return Poll::Pending;
        }
        let Some(exchange) = self.exchange(exchange) else { return Poll::Ready(Ok(None)) };
        Poll::Ready(match exchange.comes().1 {
            Some(error) => Err(error),
            None => {
                let trailers = exchange.answer().map(|answer| answer.trailers.as_slice());
                Ok(trailers.filter(|trailers| !trailers.is_empty()).map(fields))
            }
        })
    }

    fn forget(&mut self, exchange: ExchangeId) {
        self.exchanges.open.remove(&exchange);
    }
}

fn fields(list: &[(String, String)]) -> FieldList {
    Arc::new(list.iter().map(|(name, value)| (name.clone(), value.clone().into_bytes())).collect())
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, task::Poll};

    use invar_envelope::{NetworkPattern, Scheme};
    use invar_world::{Change, Failure, NetworkCondition, Reply, Responder};

    use super::LOOKUP_TIMEOUT_NS;
    use crate::{
        lab::LabNetwork,
        lab::exchange::{CHUNK_BYTES, CHUNK_NS, FIRST_BYTE_TIMEOUT_NS},
        lab::timing::IDLE_NS,
        port::{
            EndOfRequest, ExchangeId, FieldList, Http, Interest, Received, Request, RequestError, Timeouts,
        },
    };

    const LATENCY: u64 = Responder::LATENCY_NS;

    fn entry() -> Responder {
        Responder::new(NetworkPattern::parse("https://a.example").unwrap())
    }

    fn network(script: Vec<Responder>, network_condition: Option<NetworkCondition>) -> LabNetwork {
        LabNetwork::new(script, BTreeMap::new(), network_condition)
    }

    fn request(host: &str) -> Request {
        Request {
            method: "GET".into(),
            scheme: Scheme::Https,
            host: host.into(),
            port: 443,
            path_with_query: "/".into(),
            headers: FieldList::default(),
            timeouts: Timeouts::default(),
        }
    }

    fn whole() -> EndOfRequest {
        EndOfRequest::Whole(FieldList::default())
    }

    fn sent(network: &mut LabNetwork) -> ExchangeId {
        let exchange = network.at(0).start_request(&request("a.example"));
        network.at(0).end_request(exchange, whole());
        exchange
    }

    /// When it is known what becomes of a request, and the status or the error.
    fn outcome(network: &mut LabNetwork) -> (u64, Result<u16, RequestError>) {
        let exchange = sent(network);
        let at_ns = network.ready_ns(Interest::Head(exchange)).unwrap();
        assert_eq!(network.at(at_ns - 1).head(exchange), Poll::Pending);
        let Poll::Ready(head) = network.at(at_ns).head(exchange) else { panic!("it is known now") };
        (at_ns, head.map(|head| head.status))
    }

    #[test]
    fn without_an_entry_a_request_is_taken_and_answered_with_nothing() {
        let mut network = network(vec![], None);
        assert_eq!(outcome(&mut network), (2 * LATENCY, Ok(200)));
        let exchange = sent(&mut network);
        assert_eq!(network.at(2 * LATENCY).body(exchange, 9), Ok(Received::Closed));
        assert_eq!(network.trailers(exchange), Poll::Ready(Ok(None)));
    }

    #[test]
    fn a_body_comes_in_chunks_one_a_time() {
        let body_bytes = Some(2 * CHUNK_BYTES + 5);
        let mut network = network(vec![Responder { body: b"ab".to_vec(), body_bytes, ..entry() }], None);
        let exchange = sent(&mut network);
        let start = network.ready_ns(Interest::Head(exchange)).unwrap();
        let read = |network: &mut LabNetwork, len, now| match network.at(now).body(exchange, len).unwrap() {
            Received::Data(bytes) => Some(bytes.len() as u64),
            Received::Pending => None,
            other => panic!("{other:?}"),
        };
        assert_eq!(read(&mut network, 10, start), Some(10));
        assert_eq!(read(&mut network, usize::MAX, start), Some(CHUNK_BYTES - 10));
        assert_eq!(read(&mut network, usize::MAX, start), None);
        assert_eq!(network.ready_ns(Interest::Body(exchange)).unwrap(), start + CHUNK_NS);
        assert_eq!(read(&mut network, usize::MAX, start + 9 * CHUNK_NS), Some(CHUNK_BYTES + 5));
        assert_eq!(network.at(start + 9 * CHUNK_NS).body(exchange, 9), Ok(Received::Closed));
        assert_eq!(network.ready_ns(Interest::Trailers(exchange)).unwrap(), start + 2 * CHUNK_NS);
    }

    #[test]
    fn a_request_that_is_not_ended_is_answered_when_the_server_has_waited() {
        let mut network = network(vec![], None);
        let exchange = network.at(0).start_request(&request("a.example"));
        assert_eq!(network.ready_ns(Interest::Head(exchange)).unwrap(), LATENCY + IDLE_NS + LATENCY);
        network.at(3 * LATENCY).end_request(exchange, whole());
        assert_eq!(network.ready_ns(Interest::Head(exchange)).unwrap(), 4 * LATENCY);
        let given_up = network.at(0).start_request(&request("a.example"));
        network.at(3 * LATENCY).end_request(given_up, EndOfRequest::Abandoned);
        let head = network.at(3 * LATENCY).head(given_up);
        assert_eq!(head, Poll::Ready(Err(RequestError::RequestIncomplete)));
    }

    #[test]
    fn failures_are_known_when_they_would_be() {
        let failing =
            |failure| outcome(&mut network(vec![Responder { fails: Some(failure), ..entry() }], None));
        assert_eq!(failing(Failure::Refused), (LATENCY, Err(RequestError::ConnectionRefused)));
        assert_eq!(failing(Failure::Nxdomain), (LATENCY, Err(RequestError::NameUnresolvable)));
        assert_eq!(failing(Failure::Tls), (LATENCY, Err(RequestError::Tls)));
        let timeout = (LATENCY + FIRST_BYTE_TIMEOUT_NS, Err(RequestError::ResponseTimeout));
        assert_eq!(failing(Failure::Timeout), timeout);
        assert_eq!(failing(Failure::Reset), (2 * LATENCY, Ok(200)));
    }

    #[test]
    fn the_weather_goes_before_the_script_and_changes_before_both() {
        let under = |network_condition| outcome(&mut network(vec![entry()], Some(network_condition)));
        assert_eq!(under(NetworkCondition::Down), (LOOKUP_TIMEOUT_NS, Err(RequestError::DnsTimeout)));
        assert_eq!(under(NetworkCondition::Refused), (LATENCY, Err(RequestError::ConnectionRefused)));
        assert_eq!(under(NetworkCondition::Nxdomain), (LATENCY, Err(RequestError::NameUnresolvable)));
        assert_eq!(under(NetworkCondition::Slow), (2 * NetworkCondition::SLOW_NS, Ok(200)));
        let mut changed = network(vec![entry()], None);
        changed.change(&Change::Requested { target: "https://a.example".into(), reply: Reply::Status(404) });
        assert_eq!(outcome(&mut changed).1, Ok(404));
        changed.change(&Change::Dns { name: "a.example".into(), addresses: Vec::new() });
        assert_eq!(outcome(&mut changed).1, Err(RequestError::NameUnresolvable));
        let mut down = network(vec![], Some(NetworkCondition::Down));
        let exchange = down.start_request(&request("192.0.2.1"));
        assert_eq!(down.at(LATENCY).head(exchange), Poll::Ready(Err(RequestError::Unroutable)));
    }

    #[test]
    fn what_is_over_is_forgotten() {
        let mut network = network(vec![], None);
        for _ in 0..3 {
            let exchange = sent(&mut network);
            network.forget(exchange);
        }
        assert!(network.exchanges.open.is_empty());
    }
}
