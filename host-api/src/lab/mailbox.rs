//! A socket for datagrams, and what is on its way to it.

use std::{collections::BTreeMap, net::SocketAddr};

use invar_world::Line;

use super::connection::find;
use crate::{limits::DATAGRAMS_WAITING_BYTES_MAX, port::NetworkError};

/// A socket for datagrams.
pub(super) struct Mailbox {
    pub(super) local: SocketAddr,
    pub(super) remote: Option<SocketAddr>,
    /// By the time they arrive, then by their order.
    pub(super) arrivals: BTreeMap<(u64, u64), Arrival>,
    pub(super) arrived: u64,
    /// Bytes of `arrivals`.
    pub(super) bytes: usize,
    /// Inbound clients, with their answers and latency.
    pub(super) clients: BTreeMap<SocketAddr, (Vec<Line>, u64)>,
}

/// A datagram, or a refusal, on its way.
pub(super) struct Arrival {
    pub(super) from: SocketAddr,
    pub(super) value: Result<Vec<u8>, NetworkError>,
}

/// What an arrival takes beside its bytes.
pub(super) const ARRIVAL_BYTES: usize = 128;

impl Mailbox {
    /// Puts a datagram where it can be received; one that finds no room is gone, as on every system.
    pub(super) fn deliver(&mut self, from: SocketAddr, value: Result<Vec<u8>, NetworkError>, at_ns: u64) {
        let bytes = ARRIVAL_BYTES + value.as_ref().map_or(0, Vec::len);
        let is_for_it = self.remote.is_none_or(|remote| remote == from);
        if is_for_it && self.bytes + bytes <= DATAGRAMS_WAITING_BYTES_MAX {
            self.bytes += bytes;
            self.arrivals.insert((at_ns, self.arrived), Arrival { from, value });
            self.arrived += 1;
        }
    }

    pub(super) fn answer(&mut self, from: SocketAddr, lines: &[Line], bytes: &[u8], at_ns: u64) {
        for line in lines.iter().filter(|line| find(bytes, &line.after).is_some()) {
            self.deliver(from, Ok(line.say.clone()), at_ns);
        }
    }
}
