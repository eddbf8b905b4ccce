//! The local end of the network: addresses that are taken, sockets that listen, clients that are still to connect.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use invar_world::{InboundClient, Protocol};

use crate::port::{Accepted, ConnectionId, ListenerId, machine};

/// The ports of sockets that ask for none in particular: as on Linux.
pub(super) const EPHEMERAL: std::ops::RangeInclusive<u16> = 32_768..=60_999;

/// Ports that are looked at for a free one. Stops a skill that has the host search its taken ones again and again.
pub(super) const PORTS_LOOKED_AT_MAX: usize = 256;

/// Addresses that are taken, listening sockets, and inbound clients that have not connected yet.
#[derive(Default)]
pub(super) struct Home {
    pub(super) taken: BTreeSet<(bool, SocketAddr)>,
    pub(super) listeners: BTreeMap<ListenerId, Listener>,
    /// The same by their addresses.
    pub(super) listening: BTreeMap<SocketAddr, ListenerId>,
    pub(super) opened: u64,
    inbound_clients: Vec<InboundClient>,
    /// Inbound clients so far: each gets another address.
    connected: u16,
}

/// A socket that listens.
pub(super) struct Listener {
    pub(super) address: SocketAddr,
    pub(super) backlog: u32,
    /// By the time they connect, then by their order.
    pub(super) waiting: BTreeMap<(u64, ConnectionId), Accepted>,
}

impl Home {
    pub(super) fn new(inbound_clients: Vec<InboundClient>) -> Self {
        Self { inbound_clients, ..Self::default() }
    }

    /// The inbound clients of a port, each with the address it comes from. Each connects once in a run.
    pub(super) fn take_inbound(
        &mut self,
        protocol: Protocol,
        at: SocketAddr,
    ) -> Vec<(InboundClient, SocketAddr)> {
        // Nobody from outside reaches the loopback.
        if at.ip().is_loopback() {
            return Vec::new();
        }
        let is_meant = |inbound: &mut InboundClient| {
            inbound.protocol == protocol
                && inbound.port == at.port()
                && inbound.from.is_none_or(|from| from.is_ipv6() == at.is_ipv6())
        };
        let inbound_clients: Vec<InboundClient> = self.inbound_clients.extract_if(.., is_meant).collect();
        let address = |inbound: InboundClient| {
            let from = inbound.from.unwrap_or_else(|| outside_address(at.is_ipv6()));
            let port = EPHEMERAL.start() + self.connected;
            self.connected = (self.connected + 1) % (EPHEMERAL.end() - EPHEMERAL.start());
            (inbound, SocketAddr::new(from, port))
        };
        inbound_clients.into_iter().map(address).collect()
    }

    pub(super) fn is_taken(&self, is_udp: bool, address: SocketAddr) -> bool {
        // Every address of the machine, or this one.
        let any = SocketAddr::new(unspecified(address.is_ipv6()), address.port());
        match address.ip().is_unspecified() {
            false => self.taken.contains(&(is_udp, address)) || self.taken.contains(&(is_udp, any)),
            true => addresses_of(address).any(|address| self.taken.contains(&(is_udp, address))),
        }
    }

    pub(super) fn listener_at(&mut self, to: SocketAddr) -> Option<&mut Listener> {
        let id = reached_by(to).find_map(|at| self.listening.get(&at))?;
        self.listeners.get_mut(id)
    }
}

/// Where a socket can be that is reached by what is sent there: at that address, or at all of the machine.
pub(super) fn reached_by(to: SocketAddr) -> impl Iterator<Item = SocketAddr> {
    let is_of_machine = to.ip().is_loopback() || to.ip() == machine(to.is_ipv6());
    let all = is_of_machine.then(|| SocketAddr::new(unspecified(to.is_ipv6()), to.port()));
    [to].into_iter().chain(all)
}

/// The addresses that one on all of the machine stands in the way of; of the loopback's, the one that is used.
fn addresses_of(any: SocketAddr) -> impl Iterator<Item = SocketAddr> {
    let loopback = match any.is_ipv6() {
        false => IpAddr::V4(Ipv4Addr::LOCALHOST),
        true => IpAddr::V6(Ipv6Addr::LOCALHOST),
    };
    [any.ip(), loopback, machine(any.is_ipv6())].into_iter().map(move |ip| SocketAddr::new(ip, any.port()))
}

fn unspecified(is_ipv6: bool) -> IpAddr {
    if is_ipv6 { Ipv6Addr::UNSPECIFIED.into() } else { Ipv4Addr::UNSPECIFIED.into() }
}

/// The address of an inbound client that names none: from the networks kept for documentation (RFC 5737, RFC 3849).
fn outside_address(is_ipv6: bool) -> IpAddr {
    match is_ipv6 {
        false => Ipv4Addr::new(203, 0, 113, 50).into(),
        true => Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0x50).into(),
    }
}
