//! Datagrams: those of the script, of inbound clients, and of the skill to itself.

use std::{collections::BTreeMap, net::SocketAddr};

use invar_envelope::Scheme;
use invar_world::{Connect, Line, NetworkCondition, Protocol};

use super::{
    home::reached_by,
    mailbox::{ARRIVAL_BYTES, Arrival, Mailbox},
    network::LabNetwork,
    timing::LOOPBACK_NS,
};
use crate::port::{Datagram, Datagrams, DatagramsId, NetworkError, source};

/// Bytes of a datagram that count as one more entry when it is searched.
const TEXT_BYTES: usize = 512;

impl LabNetwork {
    /// Delivers a datagram to another socket of the skill; says whether there is one.
    fn deliver_locally(&mut self, from: SocketAddr, to: SocketAddr, bytes: &[u8]) -> bool {
        let found = reached_by(to).find_map(|at| self.mailboxes_at.get(&at));
        let Some(mailbox) = found.and_then(|id| self.mailboxes.get_mut(id)) else { return false };
        let ip = if from.ip().is_unspecified() { source(to.ip()) } else { from.ip() };
        let from = SocketAddr::new(ip, from.port());
        mailbox.deliver(from, Ok(bytes.to_vec()), self.now_ns.saturating_add(LOOPBACK_NS));
        true
    }

    /// When the next datagram arrives; none: never, as things stand.
    pub(super) fn datagram_ready_ns(&self, socket: DatagramsId) -> Option<u64> {
        let (at_ns, _) = self.mailboxes.get(&socket)?.arrivals.keys().next()?;
        Some(*at_ns)
    }
}

impl Datagrams for LabNetwork {
    fn open_datagrams(&mut self, local: SocketAddr, is_known: bool) -> DatagramsId {
        let id = DatagramsId(self.mailboxes_opened);
        self.mailboxes_opened += 1;
        let inbound_clients = if is_known { self.inbound_clients(Protocol::Udp, local) } else { Vec::new() };
        let mut mailbox = Mailbox {
            local,
            remote: None,
            arrivals: BTreeMap::new(),
            arrived: 0,
            bytes: 0,
            clients: BTreeMap::new(),
        };
        for (inbound, from) in inbound_clients {
            let mut at_ns = self.now_ns.saturating_add(inbound.after_ns);
            let (first, answers): (Vec<Line>, Vec<Line>) =
                inbound.dialogue.into_iter().partition(|line| line.after.is_empty());
            for line in first {
                mailbox.deliver(from, Ok(line.say), at_ns);
                at_ns = at_ns.saturating_add(inbound.latency_ns);
            }
            mailbox.clients.insert(from, (answers, inbound.latency_ns));
        }
        self.mailboxes.insert(id, mailbox);
        self.mailboxes_at.insert(local, id);
        id
    }

    fn tie(&mut self, socket: DatagramsId, remote: Option<SocketAddr>) {
        let Some(mailbox) = self.mailboxes.get_mut(&socket) else { return };
        mailbox.remote = remote;
        mailbox.arrivals.retain(|_, arrival| remote.is_none_or(|remote| remote == arrival.from));
        let bytes = mailbox.arrivals.values().map(|arrival| arrival.value.as_ref().map_or(0, Vec::len));
        mailbox.bytes = bytes.sum::<usize>() + mailbox.arrivals.len() * ARRIVAL_BYTES;
    }

    fn send_datagram(
        &mut self,
        socket: DatagramsId,
        to: SocketAddr,
        names: &[String],
        bytes: &[u8],
    ) -> Result<(), NetworkError> {
        let Some(from) = self.mailboxes.get(&socket).map(|mailbox| mailbox.local) else { return Ok(()) };
        if self.deliver_locally(from, to, bytes) {
            return Ok(());
        }
        self.compared += (self.script.len() * names.len().max(1)) as u64;
        let entry = self.script.iter().find(|entry| entry.matches.allows_socket(Scheme::Udp, to, names));
        let at_ns = self.now_ns.saturating_add(self.latency_ns(entry));
        let connect = match self.network_condition {
            Some(NetworkCondition::Down) => Connect::Unreachable,
            Some(NetworkCondition::Refused) => Connect::Refused,
            _ => entry.map_or(Connect::Accept, |entry| entry.connect),
        };
        let Some(mailbox) = self.mailboxes.get_mut(&socket) else { return Ok(()) };
        match connect {
            Connect::Accept => {
                let client_lines = mailbox.clients.get(&to).map_or(0, |(lines, _)| lines.len());
                let lines = client_lines.max(entry.map_or(0, |entry| entry.dialogue.len()));
                self.compared += (lines * (1 + bytes.len() / TEXT_BYTES)) as u64;
                if let Some((lines, latency_ns)) = mailbox.clients.remove(&to) {
                    mailbox.answer(to, &lines, bytes, self.now_ns.saturating_add(latency_ns));
                    mailbox.clients.insert(to, (lines, latency_ns));
                } else if let Some(entry) = entry {
                    mailbox.answer(to, &entry.dialogue, bytes, at_ns);
                }
                Ok(())
            }
            // The other machine says so, and only a socket that is tied to it receives it.
            Connect::Refused if mailbox.remote == Some(to) => {
                mailbox.deliver(to, Err(NetworkError::ConnectionRefused), at_ns);
                Ok(())
            }
            Connect::Refused | Connect::Timeout => Ok(()),
            Connect::Unreachable => Err(NetworkError::RemoteUnreachable),
        }
    }

    fn receive_datagram(&mut self, socket: DatagramsId) -> Result<Option<Datagram>, NetworkError> {
        let Some(mailbox) = self.mailboxes.get_mut(&socket) else { return Ok(None) };
        let first = mailbox.arrivals.first_entry().filter(|first| first.key().0 <= self.now_ns);
        let Some(Arrival { from, value }) = first.map(|first| first.remove()) else { return Ok(None) };
        mailbox.bytes -= ARRIVAL_BYTES + value.as_ref().map_or(0, Vec::len);
        value.map(|bytes| Some(Datagram { from, bytes }))
    }

    fn close_datagrams(&mut self, socket: DatagramsId) {
        if let Some(mailbox) = self.mailboxes.remove(&socket) {
            self.mailboxes_at.remove(&mailbox.local);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, net::SocketAddr};

    use invar_envelope::NetworkPattern;
    use invar_world::{Connect, InboundClient, Line, Protocol, Responder};

    use crate::{
        lab::LabNetwork,
        limits::DATAGRAMS_WAITING_BYTES_MAX,
        port::{Datagram, Datagrams, DatagramsId, Interest, NetworkError},
    };

    const LATENCY: u64 = Responder::LATENCY_NS;
    const LATER: u64 = 1 << 40;

    fn at(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    fn line(after: &str, say: &str) -> Line {
        Line { after: after.into(), say: say.into() }
    }

    fn network(script: Vec<Responder>) -> LabNetwork {
        LabNetwork::new(script, BTreeMap::new(), None)
    }

    fn responder(text: &str) -> Responder {
        Responder::new(NetworkPattern::parse(text).unwrap())
    }

    fn open(network: &mut LabNetwork, local: &str) -> DatagramsId {
        network.at(0).open_datagrams(at(local), true)
    }

    fn received(network: &mut LabNetwork, socket: DatagramsId) -> Vec<(String, String)> {
        let mut all = Vec::new();
        while let Ok(Some(Datagram { from, bytes })) = network.at(LATER).receive_datagram(socket) {
            all.push((from.to_string(), String::from_utf8(bytes).unwrap()));
        }
        all
    }

    #[test]
    fn each_datagram_that_holds_what_a_line_waits_for_gets_its_answer() {
        let dialogue = vec![line("ping", "pong"), line("time", "noon")];
        let mut network = network(vec![Responder { dialogue, ..responder("udp://192.0.2.1:53") }]);
        let socket = open(&mut network, "0.0.0.0:40000");
        let mut send =
            |bytes: &[u8]| network.at(0).send_datagram(socket, at("192.0.2.1:53"), &[], bytes).unwrap();
        send(b"ping");
        send(b"nothing");
        send(b"ping, time?");
        assert_eq!(network.ready_ns(Interest::Datagram(socket)), Some(LATENCY));
        assert_eq!(network.at(LATENCY - 1).receive_datagram(socket), Ok(None));
        let said: Vec<String> = received(&mut network, socket).into_iter().map(|(_, said)| said).collect();
        assert_eq!(said, ["pong", "pong", "noon"]);
        assert_eq!(network.ready_ns(Interest::Datagram(socket)), None);
    }

    #[test]
    fn what_is_sent_to_nobody_is_gone() {
        let mut network = network(vec![responder("tcp://192.0.2.1:53")]);
        let socket = open(&mut network, "0.0.0.0:40000");
        assert_eq!(network.at(0).send_datagram(socket, at("192.0.2.1:53"), &[], b"ping"), Ok(()));
        assert_eq!(network.ready_ns(Interest::Datagram(socket)), None);
    }

    #[test]
    fn a_refusal_is_told_to_a_socket_that_is_tied_to_who_refuses() {
        let refused = Responder { connect: Connect::Refused, ..responder("udp://192.0.2.1:53") };
        let away = Responder { connect: Connect::Unreachable, ..responder("udp://192.0.2.2:53") };
        let mut network = network(vec![refused, away]);
        let socket = open(&mut network, "0.0.0.0:40000");
        network.at(0).send_datagram(socket, at("192.0.2.1:53"), &[], b"a").unwrap();
        assert_eq!(network.ready_ns(Interest::Datagram(socket)), None);
        network.tie(socket, Some(at("192.0.2.1:53")));
        network.at(0).send_datagram(socket, at("192.0.2.1:53"), &[], b"b").unwrap();
        assert_eq!(network.at(LATER).receive_datagram(socket), Err(NetworkError::ConnectionRefused));
        let unreachable = network.at(0).send_datagram(socket, at("192.0.2.2:53"), &[], b"c");
        assert_eq!(unreachable, Err(NetworkError::RemoteUnreachable));
    }

    #[test]
    fn a_socket_that_is_tied_hears_nobody_else() {
        let mut network = network(vec![]);
        let (one, other) = (open(&mut network, "127.0.0.1:1"), open(&mut network, "0.0.0.0:2"));
        network.at(0).send_datagram(other, at("127.0.0.1:1"), &[], b"early").unwrap();
        network.at(0).send_datagram(one, at("127.0.0.1:2"), &[], b"hello").unwrap();
        assert_eq!(received(&mut network, other), [("127.0.0.1:1".into(), "hello".into())]);
        network.tie(one, Some(at("192.0.2.1:53")));
        network.at(0).send_datagram(other, at("127.0.0.1:1"), &[], b"late").unwrap();
        assert_eq!(received(&mut network, one), []);
        network.tie(one, None);
        network.at(0).send_datagram(other, at("127.0.0.1:1"), &[], b"now").unwrap();
        assert_eq!(received(&mut network, one), [("127.0.0.1:2".into(), "now".into())]);
    }

    #[test]
    fn who_comes_sends_first_and_answers_after() {
        let dialogue = vec![line("", "anybody?"), line("yes", "good")];
        let inbound = InboundClient { after_ns: 70, dialogue, ..InboundClient::new(Protocol::Udp, 53) };
        let mut network = network(vec![]).with_inbound_clients(vec![inbound]);
        let unknown = network.at(0).open_datagrams(at("0.0.0.0:53"), false);
        assert_eq!(network.ready_ns(Interest::Datagram(unknown)), None, "nobody can know the port");
        network.close_datagrams(unknown);
        let socket = network.at(0).open_datagrams(at("0.0.0.0:53"), true);
        assert_eq!(network.ready_ns(Interest::Datagram(socket)), Some(70));
        let Datagram { from, bytes } = network.at(70).receive_datagram(socket).unwrap().unwrap();
        assert_eq!(bytes, b"anybody?");
        network.at(100).send_datagram(socket, from, &[], b"yes").unwrap();
        assert_eq!(received(&mut network, socket), [(from.to_string(), "good".into())]);
    }

    #[test]
    fn a_flood_of_answers_does_not_fill_memory() {
        let dialogue = vec![Line { after: vec![], say: vec![b'x'; 60_000] }];
        let mut network = network(vec![Responder { dialogue, ..responder("udp://192.0.2.1:53") }]);
        let socket = open(&mut network, "0.0.0.0:40000");
        for _ in 0..1000 {
            network.at(0).send_datagram(socket, at("192.0.2.1:53"), &[], b"").unwrap();
        }
        let held = received(&mut network, socket).len();
        assert_eq!(held, DATAGRAMS_WAITING_BYTES_MAX / (60_000 + super::ARRIVAL_BYTES));
        network.at(0).send_datagram(socket, at("192.0.2.1:53"), &[], b"").unwrap();
        assert_eq!(received(&mut network, socket).len(), 1, "what was taken makes room");
    }
}
