//! Who may hold a connection: so many in all, and so many of one peer. Whoever comes next is let in, and who has been there
//! longest without asking goes: slow connections do not keep an honest log out, however many there are.

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

/// The connections that are there.
#[derive(Debug, Default)]
pub(super) struct Places(Mutex<Taken>);

#[derive(Debug, Default)]
struct Taken {
    /// The oldest first.
    places: BTreeMap<u64, Held>,
    next: u64,
}

#[derive(Debug)]
struct Held {
    peer: IpAddr,
    leave: Arc<Notify>,
    is_asking: Arc<AtomicBool>,
}

/// One connection's place, until it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    places: Arc<Places>,
    number: u64,
    leave: Arc<Notify>,
    is_asking: Arc<AtomicBool>,
}

impl Places {
    /// A place for a connection of that peer; others leave for it if there is none.
    pub(super) fn enter(self: &Arc<Self>, peer: IpAddr) -> Place {
        let peer = site(peer);
        let mut taken = self.lock();
        if taken.of(peer) >= PEER_CONNECTIONS_MAX {
            taken.send_away(peer);
        }
        if taken.places.len() >= CONNECTIONS_MAX
            && let Some(most) = taken.most()
        {
            taken.send_away(most);
        }
        let number = taken.next;
        taken.next += 1;
        let (leave, is_asking) = (Arc::new(Notify::new()), Arc::new(AtomicBool::new(false)));
        let held = Held { peer, leave: Arc::clone(&leave), is_asking: Arc::clone(&is_asking) };
        taken.places.insert(number, held);
        drop(taken);
        Place { places: Arc::clone(self), number, leave, is_asking }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Taken> {
        // Nothing in it is left half done by whoever panics.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn of(&self, peer: IpAddr) -> usize {
        self.places.values().filter(|connection| connection.peer == peer).count()
    }

    /// The peer with the most connections; of several, whose oldest is the oldest.
    fn most(&self) -> Option<IpAddr> {
        let mut counts: BTreeMap<IpAddr, (usize, u64)> = BTreeMap::new();
        for (number, held) in &self.places {
            counts.entry(held.peer).or_insert((0, u64::MAX - number)).0 += 1;
        }
        counts.into_iter().max_by_key(|(_, count)| *count).map(|(peer, _)| peer)
    }

    /// Has the oldest connection of a peer leave that asks nothing; if all ask something, the oldest.
    fn send_away(&mut self, peer: IpAddr) {
        let of_peer = || self.places.iter().filter(|(_, connection)| connection.peer == peer);
        let idle = of_peer().find(|(_, connection)| !connection.is_asking.load(Ordering::Relaxed));
        let number = idle.or_else(|| of_peer().next()).map(|(number, _)| *number);
        if let Some(held) = number.and_then(|number| self.places.remove(&number)) {
            held.leave.notify_one();
        }
    }
}

impl Place {
    /// What comes once it must leave.
    pub(super) fn leave(&self) -> Arc<Notify> {
        Arc::clone(&self.leave)
    }

    /// Whether a request is being answered: set while one is.
    pub(super) fn is_asking(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.is_asking)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.lock().places.remove(&self.number);
    }
}

/// What counts as one peer: an address, or a network of the sixth version that is given to one customer.
fn site(peer: IpAddr) -> IpAddr {
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

    fn has_left(place: &Place) -> bool {
        !place.places.lock().places.contains_key(&place.number)
    }

    fn address(number: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, number])
    }

    #[test]
    fn one_peer_has_no_more_than_its_share_and_the_oldest_that_asks_nothing_leaves() {
        let places = Arc::new(Places::default());
        let other = places.enter(address(1));
        let connections: Vec<Place> = (0..PEER_CONNECTIONS_MAX).map(|_| places.enter(address(2))).collect();
        assert!(!connections.iter().any(has_left));
        connections[0].is_asking().store(true, Ordering::Relaxed);
        let next = places.enter(address(2));
        assert_eq!(
            (has_left(&connections[0]), has_left(&connections[1]), has_left(&connections[2])),
            (false, true, false)
        );
        assert!(!has_left(&other) && !has_left(&next));
        // All ask something: then the oldest.
        connections.iter().chain([&next]).for_each(|place| place.is_asking().store(true, Ordering::Relaxed));
        let last = places.enter(address(2));
        assert!(has_left(&connections[0]) && !has_left(&last));
    }

    #[test]
    fn many_peers_have_no_more_than_all_places_and_whoever_has_most_gives_way() {
        let places = Arc::new(Places::default());
        let honest = places.enter(address(0));
        let mut all = Vec::new();
        // More than there are places, and fewer peers than that.
        for peer in 1..=40 {
            for _ in 0..2 {
                all.push(places.enter(address(peer)));
            }
        }
        assert_eq!(places.lock().places.len(), CONNECTIONS_MAX);
        assert!(!has_left(&honest));
        drop((all, honest));
        assert_eq!(places.lock().places.len(), 0);
    }

    #[test]
    fn addresses_of_one_customer_are_one_peer() {
        let six = |text: &str| site(text.parse().unwrap());
        assert_eq!(six("2001:db8:1:2::1"), six("2001:db8:1:2:ffff::9"));
        assert_ne!(six("2001:db8:1:2::1"), six("2001:db8:1:3::1"));
        assert_eq!(six("::ffff:192.0.2.1"), address(1));
    }
}
