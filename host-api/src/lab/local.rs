//! Binding, listening and accepting in the virtual network.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
};

use invar_envelope::Scheme;
use invar_world::{End, InboundClient, NetworkCondition, Protocol};

use super::{
    connection::{Connection, Dialogue},
    home::{EPHEMERAL, Listener, PORTS_LOOKED_AT_MAX},
    network::LabNetwork,
    timing::{CONNECT_TIMEOUT_NS, LOOPBACK_NS, Ready},
};
use crate::port::{Accepted, ConnectionId, ListenerId, Local, NetworkError, machine};

impl LabNetwork {
    /// The inbound clients of an address from now on.
    pub(super) fn inbound_clients(
        &mut self,
        protocol: Protocol,
        at: SocketAddr,
    ) -> Vec<(InboundClient, SocketAddr)> {
        match self.network_condition {
            Some(NetworkCondition::Down) => Vec::new(),
            _ => self.home.take_inbound(protocol, at),
        }
    }

    /// When somebody has come to a listening socket; none: nobody will, as things stand.
    pub(super) fn accept_ready_ns(&self, listener: ListenerId) -> Option<u64> {
        let (at_ns, _) = self.home.listeners.get(&listener)?.waiting.keys().next()?;
        Some(*at_ns)
    }

    /// Connects to a socket of the skill; none: it has none that listens there.
    pub(super) fn connect_inside(
        &mut self,
        from: SocketAddr,
        to: SocketAddr,
    ) -> Option<Ready<Result<ConnectionId, NetworkError>>> {
        let listener = self.home.listener_at(to)?;
        // As on Linux: one more than it says may wait, and a client that finds no room tries until it gives up.
        if listener.waiting.len() as u64 > u64::from(listener.backlog) {
            let at_ns = self.now_ns.saturating_add(CONNECT_TIMEOUT_NS);
            return Some(Ready { at_ns, value: Err(NetworkError::Timeout) });
        }
        let at_ns = self.now_ns.saturating_add(LOOPBACK_NS);
        let quiet = || Connection::new(Dialogue::Own(Vec::new()), End::Close, LOOPBACK_NS, at_ns);
        let (ours, theirs) = (self.add(quiet()), self.add(quiet()));
        self.pair(ours, theirs);
        let accepted = Accepted { connection: theirs, local: to, remote: from };
        if let Some(listener) = self.home.listener_at(to) {
            listener.waiting.insert((at_ns, theirs), accepted);
        }
        Some(Ready { at_ns, value: Ok(ours) })
    }
}

impl Local for LabNetwork {
    fn bind(&mut self, scheme: Scheme, address: SocketAddr, any: u16) -> Result<SocketAddr, NetworkError> {
        let is_udp = scheme == Scheme::Udp;
        let ip = address.ip();
        // Of the loopback's addresses there is one, so that no port can be taken behind another's back.
        let is_of_machine = ip.is_unspecified()
            || ip == Ipv4Addr::LOCALHOST
            || ip == Ipv6Addr::LOCALHOST
            || ip == machine(ip.is_ipv6());
        if !is_of_machine {
            return Err(NetworkError::AddressNotBindable);
        }
        let at = |port| SocketAddr::new(ip, port);
        let found = match address.port() {
            0 => (any..=*EPHEMERAL.end())
                .chain(*EPHEMERAL.start()..any)
                .take(PORTS_LOOKED_AT_MAX)
                .map(at)
                .find(|address| !self.home.is_taken(is_udp, *address)),
            port => Some(at(port)).filter(|address| !self.home.is_taken(is_udp, *address)),
        };
        let address = found.ok_or(NetworkError::AddressInUse)?;
        self.home.taken.insert((is_udp, address));
        Ok(address)
    }

    fn unbind(&mut self, scheme: Scheme, address: SocketAddr) {
        self.home.taken.remove(&(scheme == Scheme::Udp, address));
    }

    fn listen(&mut self, address: SocketAddr, backlog: u32) -> ListenerId {
        let mut waiting = BTreeMap::new();
        for (inbound, remote) in self.inbound_clients(Protocol::Tcp, address) {
            let at_ns = self.now_ns.saturating_add(inbound.after_ns);
            let connection =
                Connection::new(Dialogue::Own(inbound.dialogue), inbound.end, inbound.latency_ns, at_ns);
            let connection = self.add(connection);
            let ip = if address.ip().is_unspecified() { machine(address.is_ipv6()) } else { address.ip() };
            let local = SocketAddr::new(ip, address.port());
            waiting.insert((at_ns, connection), Accepted { connection, local, remote });
        }
        let id = ListenerId(self.home.opened);
        self.home.opened += 1;
        self.home.listeners.insert(id, Listener { address, backlog, waiting });
        self.home.listening.insert(address, id);
        id
    }

    fn set_backlog(&mut self, listener: ListenerId, backlog: u32) {
        if let Some(listener) = self.home.listeners.get_mut(&listener) {
            listener.backlog = backlog;
        }
    }

    fn accept(&mut self, listener: ListenerId) -> Option<Accepted> {
        let waiting = &mut self.home.listeners.get_mut(&listener)?.waiting;
        let first = waiting.first_entry().filter(|first| first.key().0 <= self.now_ns)?;
        Some(first.remove())
    }

    fn close_listener(&mut self, listener: ListenerId) {
        let Some(listener) = self.home.listeners.remove(&listener) else { return };
        self.home.listening.remove(&listener.address);
        for accepted in listener.waiting.into_values() {
            self.reset_other(accepted.connection);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, net::SocketAddr};

    use invar_envelope::Scheme;
    use invar_world::{InboundClient, Line, Protocol};

    use super::LOOPBACK_NS;
    use crate::lab::home::reached_by;
    use crate::{
        lab::LabNetwork,
        port::{Interest, Local, Network, NetworkError, Received},
    };

    fn network(inbound_clients: Vec<InboundClient>) -> LabNetwork {
        LabNetwork::new(vec![], BTreeMap::new(), None).with_inbound_clients(inbound_clients)
    }

    fn at(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    fn inbound() -> InboundClient {
        let dialogue =
            vec![Line { after: vec![], say: b"hi".into() }, Line { after: b"yo".into(), say: b"bye".into() }];
        InboundClient { after_ns: 1000, latency_ns: 10, dialogue, ..InboundClient::new(Protocol::Tcp, 80) }
    }

    #[test]
    fn an_address_is_taken_once_and_can_be_given_back() {
        let mut network = network(vec![]);
        let mut bind = |address: &str| network.bind(Scheme::Tcp, at(address), 40_000);
        assert_eq!(bind("127.0.0.1:80"), Ok(at("127.0.0.1:80")));
        for taken in ["127.0.0.1:80", "0.0.0.0:80"] {
            assert_eq!(bind(taken), Err(NetworkError::AddressInUse), "{taken}");
        }
        assert_eq!(bind("10.0.2.15:80"), Ok(at("10.0.2.15:80")));
        assert_eq!(bind("[::]:80"), Ok(at("[::]:80")), "versions do not meet");
        assert_eq!(bind("[::1]:80"), Err(NetworkError::AddressInUse));
        for elsewhere in ["192.0.2.1:80", "127.0.0.2:80", "[2001:db8::1]:80"] {
            assert_eq!(bind(elsewhere), Err(NetworkError::AddressNotBindable), "{elsewhere}");
        }
        assert_eq!(bind("0.0.0.0:0"), Ok(at("0.0.0.0:40000")));
        assert_eq!(bind("127.0.0.1:0"), Ok(at("127.0.0.1:40001")), "the next that is free");
        assert_eq!(
            network.bind(Scheme::Udp, at("0.0.0.0:80"), 1),
            Ok(at("0.0.0.0:80")),
            "each protocol its own"
        );
        network.unbind(Scheme::Tcp, at("127.0.0.1:80"));
        assert_eq!(network.bind(Scheme::Tcp, at("127.0.0.1:80"), 1), Ok(at("127.0.0.1:80")));
    }

    #[test]
    fn who_the_script_sends_comes_once_and_talks() {
        let mut network = network(vec![inbound()]);
        let other = network.at(0).listen(at("0.0.0.0:81"), 1);
        assert_eq!(network.ready_ns(Interest::Accept(other)), None, "that is another port");
        let loopback = network.at(0).listen(at("127.0.0.1:80"), 1);
        assert_eq!(network.ready_ns(Interest::Accept(loopback)), None, "from outside nobody comes there");
        let listener = network.at(500).listen(at("0.0.0.0:80"), 1);
        assert_eq!(network.ready_ns(Interest::Accept(listener)), Some(1500));
        assert_eq!(network.at(1499).accept(listener), None);
        let accepted = network.at(1500).accept(listener).unwrap();
        assert_eq!((accepted.local, accepted.remote), (at("10.0.2.15:80"), at("203.0.113.50:32768")));
        assert_eq!(network.at(1510).receive(accepted.connection, 9), Received::Data(b"hi".into()));
        network.at(1600).send(accepted.connection, b"yo").unwrap();
        assert_eq!(network.at(1610).receive(accepted.connection, 9), Received::Data(b"bye".into()));
        let again = network.at(9000).listen(at("0.0.0.0:80"), 1);
        assert_eq!(network.ready_ns(Interest::Accept(again)), None);
    }

    #[test]
    fn a_connection_to_itself_has_two_ends_and_closes_from_either() {
        let mut network = network(vec![]);
        assert!(
            network.at(0).connect_inside(at("127.0.0.1:9"), at("127.0.0.1:80")).is_none(),
            "nobody listens"
        );
        let listener = network.at(0).listen(at("0.0.0.0:80"), 0);
        let ours = network.at(0).connect_inside(at("127.0.0.1:9"), at("127.0.0.1:80")).unwrap();
        let full = network.at(0).connect_inside(at("127.0.0.1:8"), at("127.0.0.1:80")).unwrap();
        assert_eq!(full.value, Err(NetworkError::Timeout), "one waits, and none may");
        let ours = ours.value.unwrap();
        let theirs = network.at(LOOPBACK_NS).accept(listener).unwrap();
        assert_eq!((theirs.local, theirs.remote), (at("127.0.0.1:80"), at("127.0.0.1:9")));
        network.at(LOOPBACK_NS).send(ours, b"there").unwrap();
        assert_eq!(network.at(LOOPBACK_NS).receive(theirs.connection, 9), Received::Pending);
        assert_eq!(
            network.at(2 * LOOPBACK_NS).receive(theirs.connection, 9),
            Received::Data(b"there".into())
        );
        assert_eq!(network.ready_ns(Interest::Receive(theirs.connection)), None, "silence is not the end");
        network.at(5 * LOOPBACK_NS).shutdown(ours);
        assert_eq!(network.at(7 * LOOPBACK_NS).receive(theirs.connection, 9), Received::Closed);
        network.at(7 * LOOPBACK_NS).send(theirs.connection, b"back").unwrap();
        assert_eq!(network.at(9 * LOOPBACK_NS).receive(ours, 9), Received::Data(b"back".into()));
    }

    #[test]
    fn who_waits_at_a_socket_that_is_closed_is_reset() {
        let mut network = network(vec![]);
        let listener = network.at(0).listen(at("[::1]:80"), 9);
        let ours = network.at(0).connect_inside(at("[::1]:9"), at("[::1]:80")).unwrap().value.unwrap();
        network.at(100).close_listener(listener);
        assert_eq!(network.at(1 << 40).receive(ours, 9), Received::Reset);
        assert_eq!(network.at(1 << 40).send(ours, b"x"), Err(NetworkError::ConnectionReset));
        assert!(network.at(0).connect_inside(at("[::1]:9"), at("[::1]:80")).is_none());
    }

    #[test]
    fn a_socket_on_all_addresses_is_reached_on_each_of_the_machine() {
        for (bound, to, is) in [
            ("0.0.0.0:80", "127.0.0.1:80", true),
            ("0.0.0.0:80", "10.0.2.15:80", true),
            ("0.0.0.0:80", "192.0.2.1:80", false),
            ("0.0.0.0:80", "[::1]:80", false),
            ("127.0.0.1:80", "10.0.2.15:80", false),
            ("127.0.0.1:80", "127.0.0.1:81", false),
        ] {
            assert_eq!(reached_by(at(to)).any(|address| address == at(bound)), is, "{bound} {to}");
        }
    }
}
