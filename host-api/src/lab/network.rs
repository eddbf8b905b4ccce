//! Names and connections that a script answers, and a sink for everything else.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
    task::Poll,
};

use invar_envelope::Scheme;
use invar_world::{Change, Connect, Digest, End, InboundClient, Lookup, NetworkCondition, Responder};

use super::{
    connection::{Connection, Dialogue},
    exchange::Exchanges,
    home::Home,
    mailbox::Mailbox,
    timing::{CONNECT_TIMEOUT_NS, LOOKUP_TIMEOUT_NS, Ready},
};
use crate::port::{
    AttemptId, ConnectionId, DatagramsId, Interest, LookupId, Network, NetworkError, Received,
};

/// The network of a lab. The first entry of the script that matches answers. Without one, every name has an
/// address, every connection is accepted, and what is sent goes into a sink; the trace keeps all of it.
pub struct LabNetwork {
    /// Shared with the requests that it answers.
    pub(super) script: Arc<Vec<Responder>>,
    /// Names whose addresses were put in place of the script's.
    pub(super) set: BTreeMap<String, Vec<IpAddr>>,
    /// Goes before both.
    pub(super) network_condition: Option<NetworkCondition>,
    /// Addresses that were assigned to names, by name.
    assigned: BTreeMap<String, IpAddr>,
    /// The same addresses.
    given: BTreeSet<IpAddr>,
    connections: BTreeMap<ConnectionId, Connection>,
    /// Lookups and attempts that are not finished, with the numbers of the next ones.
    lookups: BTreeMap<LookupId, Ready<Result<Vec<IpAddr>, NetworkError>>>,
    lookups_started: u64,
    attempts: BTreeMap<AttemptId, Ready<Result<ConnectionId, NetworkError>>>,
    attempts_started: u64,
    pub(super) exchanges: Exchanges,
    /// The end of the skill.
    pub(super) home: Home,
    /// Sockets for datagrams that are open, and the same by their addresses.
    pub(super) mailboxes: BTreeMap<DatagramsId, Mailbox>,
    pub(super) mailboxes_at: BTreeMap<SocketAddr, DatagramsId>,
    pub(super) mailboxes_opened: u64,
    /// Entries of the script that calls were compared with.
    pub(super) compared: u64,
    /// What the clock has reached.
    pub(super) now_ns: u64,
}

/// Takes out what is known by now.
fn finish<K: Ord, T>(all: &mut BTreeMap<K, Ready<T>>, id: &K, now_ns: u64) -> Poll<Option<T>> {
    match all.get(id) {
        Some(ready) if ready.at_ns > now_ns => Poll::Pending,
        _ => Poll::Ready(all.remove(id).map(|ready| ready.value)),
    }
}

impl LabNetwork {
    /// A network with this script, names whose addresses go before it, and a state that goes before both.
    #[must_use]
    pub fn new(
        script: Vec<Responder>,
        names: BTreeMap<String, Vec<IpAddr>>,
        network_condition: Option<NetworkCondition>,
    ) -> Self {
        Self {
            script: Arc::new(script),
            set: names,
            network_condition,
            assigned: BTreeMap::new(),
            given: BTreeSet::new(),
            connections: BTreeMap::new(),
            exchanges: Exchanges::default(),
            home: Home::default(),
            mailboxes: BTreeMap::new(),
            mailboxes_at: BTreeMap::new(),
            mailboxes_opened: 0,
            compared: 0,
            now_ns: 0,
            lookups: BTreeMap::new(),
            lookups_started: 0,
            attempts: BTreeMap::new(),
            attempts_started: 0,
        }
    }

    /// The same, with clients that connect to listening sockets.
    #[must_use]
    pub fn with_inbound_clients(self, inbound_clients: Vec<InboundClient>) -> Self {
        Self { home: Home::new(inbound_clients), ..self }
    }

    /// The same at a time.
    #[cfg(test)]
    pub(super) fn at(&mut self, now_ns: u64) -> &mut Self {
        self.now_ns = now_ns;
        self
    }

    /// Keeps a connection.
    pub(super) fn add(&mut self, connection: Connection) -> ConnectionId {
        let id = ConnectionId(self.connections.len() as u64);
        self.connections.insert(id, connection);
        id
    }

    /// Makes two connections the ends of one.
    pub(super) fn pair(&mut self, one: ConnectionId, other: ConnectionId) {
        for (end, of) in [(one, other), (other, one)] {
            if let Some(connection) = self.connections.get_mut(&end) {
                connection.other = Some(of);
            }
        }
    }

    /// Breaks off at the other end of a connection.
    pub(super) fn reset_other(&mut self, connection: ConnectionId) {
        let other = self.connections.get(&connection).and_then(|connection| connection.other);
        if let Some(other) = other.and_then(|other| self.connections.get_mut(&other)) {
            other.reset(self.now_ns);
        }
    }

    pub(super) fn latency_ns(&self, entry: Option<&Responder>) -> u64 {
        match self.network_condition {
            Some(NetworkCondition::Slow) => NetworkCondition::SLOW_NS,
            _ => entry.map_or(Responder::LATENCY_NS, |entry| entry.latency_ns),
        }
    }

    /// The address of a name in 198.18.0.0/15: from its hash, so that it does not depend on the order
    /// of lookups; the next free one if another name has it. When all are given, names share.
    fn address_of(&mut self, name: &str) -> IpAddr {
        const NET: u32 = u32::from_be_bytes([198, 18, 0, 0]);
        const HOSTS: u32 = (1 << 17) - 2;
        // Looked for once a name: lookups of names that meet in one address would pay for it every time.
        if let Some(address) = self.assigned.get(name) {
            return *address;
        }
        let [a, b, c, d, ..] = Digest::of(name.as_bytes()).0;
        let first = u32::from_be_bytes([a, b, c, d]) % HOSTS;
        let address = |step| IpAddr::V4(Ipv4Addr::from(NET + 1 + (first + step) % HOSTS));
        let free = (0..HOSTS).map(address).find(|address| !self.given.contains(address));
        let address = free.unwrap_or_else(|| address(0));
        self.given.insert(address);
        self.assigned.insert(name.to_owned(), address);
        address
    }

    /// What a lookup is answered, and when.
    fn lookup(&mut self, name: &str) -> Ready<Result<Vec<IpAddr>, NetworkError>> {
        self.compared += self.script.len() as u64;
        let entry = self.script.iter().find(|entry| entry.matches.allows_lookup(name));
        let latency_ns = self.latency_ns(entry);
        let lookup = match (self.network_condition, self.set.get(name)) {
            (Some(NetworkCondition::Down), _) => Lookup::Timeout,
            (Some(NetworkCondition::Nxdomain), _) => Lookup::Nxdomain,
            (_, Some(addresses)) if addresses.is_empty() => Lookup::Nxdomain,
            (_, Some(addresses)) => Lookup::Addresses(addresses.clone()),
            (_, None) => entry.map_or(Lookup::Own, |entry| entry.lookup.clone()),
        };
        let (after_ns, value) = match lookup {
            Lookup::Own => (latency_ns, Ok(vec![self.address_of(name)])),
            Lookup::Addresses(addresses) => (latency_ns, Ok(addresses)),
            Lookup::Nxdomain => (latency_ns, Err(NetworkError::NameUnresolvable)),
            Lookup::Timeout => (LOOKUP_TIMEOUT_NS, Err(NetworkError::TemporaryResolverFailure)),
        };
        Ready { at_ns: self.now_ns.saturating_add(after_ns), value }
    }

    /// Connects to somebody else, as the script has it.
    fn connect_outside(
        &mut self,
        address: SocketAddr,
        names: &[String],
    ) -> Ready<Result<ConnectionId, NetworkError>> {
        self.compared += (self.script.len() * names.len().max(1)) as u64;
        let found =
            self.script.iter().position(|entry| entry.matches.allows_socket(Scheme::Tcp, address, names));
        let entry = found.and_then(|index| self.script.get(index));
        let latency_ns = self.latency_ns(entry);
        let at_ns = self.now_ns.saturating_add(latency_ns);
        let connect = match self.network_condition {
            Some(NetworkCondition::Down) => Connect::Unreachable,
            Some(NetworkCondition::Refused) => Connect::Refused,
            _ => entry.map_or(Connect::Accept, |entry| entry.connect),
        };
        match connect {
            Connect::Accept => {
                let dialogue = match found {
                    Some(index) => Dialogue::Script(self.script.clone(), index),
                    None => Dialogue::Own(Vec::new()),
                };
                let end = entry.map_or(End::Close, |entry| entry.end);
                let id = self.add(Connection::new(dialogue, end, latency_ns, at_ns));
                Ready { at_ns, value: Ok(id) }
            }
            Connect::Refused => Ready { at_ns, value: Err(NetworkError::ConnectionRefused) },
            Connect::Unreachable => Ready { at_ns, value: Err(NetworkError::RemoteUnreachable) },
            Connect::Timeout => Ready {
                at_ns: self.now_ns.saturating_add(CONNECT_TIMEOUT_NS),
                value: Err(NetworkError::Timeout),
            },
        }
    }

    /// When it is ready; none: never, as things stand.
    pub(super) fn ready_ns(&self, interest: Interest) -> Option<u64> {
        match interest {
            Interest::Always | Interest::Send(_) => Some(0),
            Interest::Timer(at_ns) => Some(at_ns),
            Interest::Lookup(id) => Some(self.lookups.get(&id).map_or(0, |lookup| lookup.at_ns)),
            Interest::Connect(id) => Some(self.attempts.get(&id).map_or(0, |attempt| attempt.at_ns)),
            Interest::Accept(id) => self.accept_ready_ns(id),
            Interest::Receive(id) => self.connections.get(&id)?.ready_ns(),
            Interest::Datagram(id) => self.datagram_ready_ns(id),
            Interest::Head(id) => Some(self.head_ready_ns(id)),
            Interest::Body(id) => Some(self.body_ready_ns(id)),
            Interest::Trailers(id) => Some(self.trailers_ready_ns(id)),
        }
    }

    /// Makes a substitution that concerns the network.
    pub(super) fn change(&mut self, change: &Change) {
        match change {
            Change::Dns { name, addresses } => {
                self.set.insert(name.to_ascii_lowercase(), addresses.clone());
            }
            Change::Network(network_condition) => self.network_condition = Some(*network_condition),
            // No change can be read whose destination is none.
            Change::Answered { destination, bytes } => {
                drop(Responder::answer(Arc::make_mut(&mut self.script), destination, bytes));
            }
            Change::Connected { destination, connect } => {
                drop(Responder::connect(Arc::make_mut(&mut self.script), destination, *connect));
            }
            Change::Datagram { destination, bytes } => {
                drop(Responder::answer_datagrams(Arc::make_mut(&mut self.script), destination, bytes));
            }
            Change::Requested { target, reply } => {
                drop(Responder::reply(Arc::make_mut(&mut self.script), target, reply));
            }
            _ => {}
        }
    }
}

impl Network for LabNetwork {
    fn start_lookup(&mut self, name: &str) -> LookupId {
        let id = LookupId(self.lookups_started);
        self.lookups_started += 1;
        let answer = self.lookup(name);
        self.lookups.insert(id, answer);
        id
    }

    fn finish_lookup(&mut self, lookup: LookupId) -> Poll<Result<Vec<IpAddr>, NetworkError>> {
        finish(&mut self.lookups, &lookup, self.now_ns)
            .map(|answer| answer.unwrap_or(Err(NetworkError::TemporaryResolverFailure)))
    }

    fn cancel_lookup(&mut self, lookup: LookupId) {
        self.lookups.remove(&lookup);
    }

    fn start_connect(&mut self, from: SocketAddr, to: SocketAddr, names: &[String]) -> AttemptId {
        let id = AttemptId(self.attempts_started);
        self.attempts_started += 1;
        let outcome = self.connect_inside(from, to).unwrap_or_else(|| self.connect_outside(to, names));
        self.attempts.insert(id, outcome);
        id
    }

    fn finish_connect(&mut self, attempt: AttemptId) -> Poll<Result<ConnectionId, NetworkError>> {
        finish(&mut self.attempts, &attempt, self.now_ns)
            .map(|outcome| outcome.unwrap_or(Err(NetworkError::Timeout)))
    }

    fn cancel_connect(&mut self, attempt: AttemptId) {
        self.attempts.remove(&attempt);
    }

    fn send(&mut self, connection: ConnectionId, bytes: &[u8]) -> Result<usize, NetworkError> {
        let sender = self.connections.get_mut(&connection).ok_or(NetworkError::ConnectionReset)?;
        sender.send(bytes, self.now_ns)?;
        if let Some(other) = sender.other.and_then(|other| self.connections.get_mut(&other)) {
            other.deliver(bytes, self.now_ns);
        }
        Ok(bytes.len())
    }

    fn receive(&mut self, connection: ConnectionId, len: usize) -> Received {
        match self.connections.get_mut(&connection) {
            Some(connection) => connection.receive(len, self.now_ns),
            None => Received::Closed,
        }
    }

    fn shutdown(&mut self, connection: ConnectionId) {
        let Some(closed) = self.connections.get_mut(&connection) else { return };
        match closed.other {
            None => closed.shutdown(self.now_ns),
            Some(other) => {
                if let Some(other) = self.connections.get_mut(&other) {
                    other.close(self.now_ns);
                }
            }
        }
    }

    fn compared(&self) -> u64 {
        self.compared
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use invar_envelope::NetworkPattern;
    use invar_world::{Change, Connect, End, Line, Lookup, Responder};

    use super::LabNetwork;
    use crate::lab::timing::IDLE_NS;
    use crate::port::{ConnectionId, Interest, Network, NetworkError, Received};

    const LATENCY: u64 = Responder::LATENCY_NS;

    fn responder(pattern: &str) -> Responder {
        Responder::new(NetworkPattern::parse(pattern).unwrap())
    }

    fn network(script: Vec<Responder>) -> LabNetwork {
        LabNetwork::new(script, BTreeMap::new(), None)
    }

    fn line(after: &str, say: &str) -> Line {
        Line { after: after.into(), say: say.into() }
    }

    fn open(network: &mut LabNetwork) -> ConnectionId {
        network.at(0).connect_outside("192.0.2.1:25".parse().unwrap(), &[]).value.unwrap()
    }

    fn data(text: &str) -> Received {
        Received::Data(text.as_bytes().to_vec())
    }

    #[test]
    fn every_name_has_an_address_of_its_own_whatever_the_order() {
        let (mut one, mut two) = (network(vec![]), network(vec![]));
        let a = one.at(0).lookup("a.example").value.unwrap();
        let b = one.at(0).lookup("b.example").value.unwrap();
        assert_ne!(a, b);
        assert_eq!(two.at(0).lookup("b.example").value.unwrap(), b);
        assert!(a[0].to_string().starts_with("198.1"), "{a:?}");
    }

    #[test]
    fn a_name_is_answered_when_every_address_is_given() {
        let mut network = network(vec![]);
        let first = network.at(0).lookup("a.example").value.unwrap();
        for host in 0..1 << 17 {
            network.given.insert(std::net::Ipv4Addr::from(u32::from_be_bytes([198, 18, 0, 0]) + host).into());
        }
        assert!(network.at(0).lookup("b.example").value.is_ok());
        assert_eq!(network.at(0).lookup("a.example").value, Ok(first));
    }

    #[test]
    fn the_first_entry_that_matches_answers_and_a_set_name_goes_first() {
        let mut network = network(vec![
            Responder { lookup: Lookup::Nxdomain, ..responder("tcp://gone.example:1") },
            Responder { lookup: Lookup::Timeout, ..responder("tcp://*.example:1") },
        ]);
        assert_eq!(network.at(0).lookup("gone.example").value, Err(NetworkError::NameUnresolvable));
        assert_eq!(network.at(0).lookup("x.example").value, Err(NetworkError::TemporaryResolverFailure));
        let address = "10.0.0.1".parse().unwrap();
        network.change(&Change::Dns { name: "gone.example".into(), addresses: vec![address] });
        assert_eq!(network.at(0).lookup("gone.example").value, Ok(vec![address]));
    }

    #[test]
    fn attempts_can_fail() {
        for (connect, error) in [
            (Connect::Refused, NetworkError::ConnectionRefused),
            (Connect::Timeout, NetworkError::Timeout),
            (Connect::Unreachable, NetworkError::RemoteUnreachable),
        ] {
            let mut network = network(vec![Responder { connect, ..responder("tcp://192.0.2.1:25") }]);
            assert_eq!(network.at(0).connect_outside("192.0.2.1:25".parse().unwrap(), &[]).value, Err(error));
        }
    }

    #[test]
    fn an_answer_that_is_set_goes_before_the_script_for_the_name_and_its_address() {
        let mut network = network(vec![Responder {
            connect: Connect::Refused,
            lookup: Lookup::Addresses(vec!["10.0.0.7".parse().unwrap()]),
            ..responder("tcp://db.example:5")
        }]);
        let set = |destination: &str, text: &str| Change::Answered {
            destination: destination.into(),
            bytes: text.as_bytes().to_vec(),
        };
        let said = |network: &mut LabNetwork, address: &str, names: &[String]| {
            let connection = network.at(0).connect_outside(address.parse().unwrap(), names).value?;
            Ok(network.at(LATENCY * 2).receive(connection, 9))
        };
        let names = ["db.example".to_owned()];
        assert_eq!(said(&mut network, "10.0.0.7:5", &names), Err(NetworkError::ConnectionRefused));
        network.change(&set("db.example:5", "yes"));
        assert_eq!(said(&mut network, "10.0.0.7:5", &names), Ok(data("yes")));
        assert_eq!(said(&mut network, "10.0.0.7:6", &names), Ok(Received::Pending));
        network.change(&set("10.0.0.7:5", "no"));
        assert_eq!(said(&mut network, "10.0.0.7:5", &names), Ok(data("no")));
        assert_eq!(network.at(0).lookup("db.example").value, Ok(vec!["10.0.0.7".parse().unwrap()]));
    }

    #[test]
    fn a_dialogue_waits_for_what_it_waits_for_and_then_closes() {
        let dialogue = vec![line("", "220"), line("HELO", "250"), line("QUIT", "221")];
        let mut network = network(vec![Responder { dialogue, ..responder("tcp://192.0.2.1:25") }]);
        let connection = open(&mut network);
        assert_eq!(network.at(0).receive(connection, 9), Received::Pending);
        let at = network.ready_ns(Interest::Receive(connection)).unwrap();
        assert_eq!(network.at(at).receive(connection, 2), data("22"));
        assert_eq!(network.at(at).receive(connection, 9), data("0"));
        network.at(at).send(connection, b"HE").unwrap();
        assert_eq!(network.at(at + LATENCY).receive(connection, 9), Received::Pending);
        network.at(at).send(connection, b"LO QUIT").unwrap();
        assert_eq!(network.at(at + 2 * LATENCY).receive(connection, 9), data("250221"));
        let end = network.ready_ns(Interest::Receive(connection)).unwrap();
        assert_eq!(network.at(end).receive(connection, 9), Received::Closed);
    }

    #[test]
    fn a_sink_takes_everything_and_closes_after_a_while() {
        let mut network = network(vec![]);
        let connection = open(&mut network);
        network.at(50 * LATENCY).send(connection, b"secrets").unwrap();
        assert_eq!(network.ready_ns(Interest::Receive(connection)), Some(50 * LATENCY + IDLE_NS));
        network.at(60 * LATENCY).shutdown(connection);
        assert_eq!(network.at(62 * LATENCY).receive(connection, 9), Received::Closed);
    }

    #[test]
    fn ends_are_as_scripted() {
        let script =
            |end| vec![Responder { end, dialogue: vec![line("", "hi")], ..responder("tcp://192.0.2.1:25") }];
        let mut open_end = network(script(End::Open));
        let connection = open(&mut open_end);
        assert_eq!(open_end.at(1 << 40).receive(connection, 9), data("hi"));
        assert_eq!(open_end.ready_ns(Interest::Receive(connection)), None);
        let mut reset = network(script(End::Reset));
        let connection = open(&mut reset);
        assert_eq!(reset.at(1 << 40).receive(connection, 9), data("hi"));
        assert_eq!(reset.at(1 << 40).receive(connection, 9), Received::Reset);
        assert_eq!(reset.at(1 << 40).send(connection, b"x"), Err(NetworkError::ConnectionReset));
    }
}
