//! Limits on open connections: in all, and of one peer. A new connection is always accepted; at a limit, the oldest idle
//! connection is closed. So slow connections do not keep an honest log out, however many there are.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv6Addr},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::Notify;

use super::limits::{CONNECTIONS_MAX, PEER_CONNECTIONS_MAX};

/// The open connections.
#[derive(Debug, Default)]
pub(super) struct Connections(Mutex<OpenConnections>);

#[derive(Debug, Default)]
struct OpenConnections {
    /// The oldest first.
    connections: BTreeMap<u64, Connection>,
    next: u64,
}

#[derive(Debug)]
struct Connection {
    peer: IpAddr,
    closing: Arc<Notify>,
    is_busy: Arc<AtomicBool>,
}

/// The slot of one connection, until it is dropped.
#[derive(Debug)]
pub(super) struct ConnectionSlot {
    connections: Arc<Connections>,
    number: u64,
    closing: Arc<Notify>,
    is_busy: Arc<AtomicBool>,
}

impl Connections {
    /// A slot for a connection of that peer. At a limit, another connection is closed for it.
    pub(super) fn open_slot(self: &Arc<Self>, peer: IpAddr) -> ConnectionSlot {
        let peer = network(peer);
        let mut open = self.lock();
        if open.count(peer) >= PEER_CONNECTIONS_MAX {
            open.close_one(peer);
        }
        if open.connections.len() >= CONNECTIONS_MAX
            && let Some(most_connected) = open.most_connected()
        {
            open.close_one(most_connected);
        }
        let number = open.next;
        open.next += 1;
        let (closing, is_busy) = (Arc::new(Notify::new()), Arc::new(AtomicBool::new(false)));
        let connection = Connection { peer, closing: Arc::clone(&closing), is_busy: Arc::clone(&is_busy) };
        open.connections.insert(number, connection);
        drop(open);
        ConnectionSlot { connections: Arc::clone(self), number, closing, is_busy }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, OpenConnections> {
        // Nothing in it is left half done by whoever panics.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OpenConnections {
    fn count(&self, peer: IpAddr) -> usize {
        self.connections.values().filter(|connection| connection.peer == peer).count()
    }

    /// The peer with the most connections; of several, whose oldest is the oldest.
    fn most_connected(&self) -> Option<IpAddr> {
        let mut counts: BTreeMap<IpAddr, (usize, u64)> = BTreeMap::new();
        for (number, connection) in &self.connections {
            counts.entry(connection.peer).or_insert((0, u64::MAX - number)).0 += 1;
        }
        counts.into_iter().max_by_key(|(_, count)| *count).map(|(peer, _)| peer)
    }

    /// Closes the oldest idle connection of a peer; if all are busy, the oldest.
    fn close_one(&mut self, peer: IpAddr) {
        let of_peer = || self.connections.iter().filter(|(_, connection)| connection.peer == peer);
        let idle = of_peer().find(|(_, connection)| !connection.is_busy.load(Ordering::Relaxed));
        let number = idle.or_else(|| of_peer().next()).map(|(number, _)| *number);
        if let Some(connection) = number.and_then(|number| self.connections.remove(&number)) {
            connection.closing.notify_one();
        }
    }
}

impl ConnectionSlot {
    /// Notified when the connection must be closed.
    pub(super) fn closing(&self) -> Arc<Notify> {
        Arc::clone(&self.closing)
    }

    /// Set while a request is being answered.
    pub(super) fn is_busy(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.is_busy)
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        self.connections.lock().connections.remove(&self.number);
    }
}

/// What counts as one peer: an address, or a network of the sixth version that is given to one customer.
fn network(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has_left(place: &ConnectionSlot) -> bool {
        !place.connections.lock().connections.contains_key(&place.number)
    }

    fn address(number: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, number])
    }

    #[test]
    fn one_peer_has_no_more_than_its_share_and_the_oldest_that_asks_nothing_leaves() {
        let connections = Arc::new(Connections::default());
        let other = connections.open_slot(address(1));
        let slots: Vec<ConnectionSlot> =
            (0..PEER_CONNECTIONS_MAX).map(|_| connections.open_slot(address(2))).collect();
        assert!(!slots.iter().any(has_left));
        slots[0].is_busy().store(true, Ordering::Relaxed);
        let next = connections.open_slot(address(2));
        assert_eq!((has_left(&slots[0]), has_left(&slots[1]), has_left(&slots[2])), (false, true, false));
        assert!(!has_left(&other) && !has_left(&next));
        // All ask something: then the oldest.
        slots.iter().chain([&next]).for_each(|slot| slot.is_busy().store(true, Ordering::Relaxed));
        let last = connections.open_slot(address(2));
        assert!(has_left(&slots[0]) && !has_left(&last));
    }

    #[test]
    fn many_peers_have_no_more_than_all_places_and_whoever_has_most_gives_way() {
        let connections = Arc::new(Connections::default());
        let honest = connections.open_slot(address(0));
        let mut all = Vec::new();
        // More than there are places, and fewer peers than that.
        for peer in 1..=40 {
            for _ in 0..2 {
                all.push(connections.open_slot(address(peer)));
            }
        }
        assert_eq!(connections.lock().connections.len(), CONNECTIONS_MAX);
        assert!(!has_left(&honest));
        drop((all, honest));
        assert_eq!(connections.lock().connections.len(), 0);
    }

    #[test]
    fn addresses_of_one_customer_are_one_peer() {
        let six = |text: &str| network(text.parse().unwrap());
        assert_eq!(six("2001:db8:1:2::1"), six("2001:db8:1:2:ffff::9"));
        assert_ne!(six("2001:db8:1:2::1"), six("2001:db8:1:3::1"));
        assert_eq!(six("::ffff:192.0.2.1"), address(1));
    }
}
