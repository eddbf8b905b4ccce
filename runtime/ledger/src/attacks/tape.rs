//! The records of a trail, to be changed and put back: what anybody can do who knows the format, with the keys that are at
//! hand.

use std::fs;

use ed25519_dalek::{Signer, SigningKey};

use super::trail::{Trail, secret_of};
use crate::{
    Checkpoint, Event, Hash,
    chain::signed,
    disk::Disk,
    segment::{self, Commit, HEADER_BYTES, Header, Record, Records},
    tree::Edge,
};

#[derive(Debug, Clone)]
pub(super) enum Item {
    /// A segment begins.
    Segment,
    Event(Box<Event>, Option<[u8; 64]>),
    Commit(Commit),
    Tombstone {
        leaf: Hash,
        link: Hash,
    },
    Runs(Vec<[u8; 40]>),
}

/// All records, one after the other.
#[derive(Debug, Clone)]
pub(super) struct Tape(pub(super) Vec<Item>);

impl Tape {
    pub(super) fn of(trail: &Trail) -> Self {
        let disk = trail.disk();
        let (mut items, mut link) = (Vec::new(), Hash::default());
        for first in segment::all(&disk).unwrap() {
            items.push(Item::Segment);
            let mut records = Records::new(&disk, segment::name(first), HEADER_BYTES as u64, link);
            while let Some(record) = records.read().unwrap().unwrap() {
                items.push(match record {
                    Record::Event(bytes, signature) => {
                        Item::Event(Event::from_bytes(bytes).unwrap().into(), signature.copied())
                    }
                    Record::Commit(commit) => Item::Commit(commit),
                    Record::Tombstone { leaf, link } => Item::Tombstone { leaf, link },
                    Record::Runs(entries) => Item::Runs(entries.to_vec()),
                });
            }
            link = records.link();
        }
        Self(items)
    }

    /// Where in the list that event is.
    pub(super) fn at(&self, index: u64) -> usize {
        let is_event = |item: &Item| matches!(item, Item::Event(..) | Item::Tombstone { .. });
        let mut events = (0..self.0.len()).filter(|at| is_event(&self.0[*at]));
        events.nth(usize::try_from(index).unwrap()).unwrap()
    }

    pub(super) fn event(&mut self, index: u64) -> &mut Event {
        let at = self.at(index);
        let Item::Event(event, _) = &mut self.0[at] else { panic!() };
        event
    }

    /// Where in the list the signatures after batches are.
    pub(super) fn commits(&self) -> Vec<usize> {
        (0..self.0.len()).filter(|at| matches!(self.0[*at], Item::Commit(_))).collect()
    }

    /// Numbers the events and chains them, from the first on.
    pub(super) fn chain(&mut self) {
        let (mut index, mut link) = (0, Hash::default());
        for item in &mut self.0 {
            match item {
                Item::Event(event, _) => {
                    (event.index, event.previous) = (index, link);
                    link = Hash::link(link, &event.to_bytes().unwrap());
                    index += 1;
                }
                Item::Tombstone { link: next, .. } => {
                    link = *next;
                    index += 1;
                }
                _ => {}
            }
        }
    }

    /// Says after each batch what the events before it come to, and signs it, and each event that has a signature,
    /// where there is a key for the epoch. What holds as it is stays as it is.
    pub(super) fn sign(&mut self, key: impl Fn(u32) -> Option<SigningKey>) {
        let (mut edge, mut epoch, mut origin) = (Edge::default(), 0, String::new());
        for item in &mut self.0 {
            match item {
                Item::Event(event, signature) => {
                    if let crate::Body::Genesis(genesis) = &event.body {
                        origin.clone_from(&genesis.origin);
                    }
                    epoch = event.epoch;
                    let bytes = event.to_bytes().unwrap();
                    edge.append(Hash::leaf(&bytes), |_| {});
                    if let (Some(signature), Some(key)) = (signature, key(epoch)) {
                        *signature = key.sign(&signed(&bytes)).to_bytes();
                    }
                }
                Item::Tombstone { leaf, .. } => edge.append(*leaf, |_| {}),
                Item::Commit(commit) if (commit.size, commit.root) == (edge.size(), edge.root()) => {}
                Item::Commit(commit) => {
                    (commit.size, commit.root) = (edge.size(), edge.root());
                    if let Some(key) = key(epoch) {
                        let text = Checkpoint::new(&origin, commit.size, commit.root).unwrap().text();
                        commit.signature = key.sign(text.as_bytes()).to_bytes().into();
                    }
                }
                Item::Segment | Item::Runs(_) => {}
            }
        }
    }

    /// With all keys of all time.
    pub(super) fn sign_all(&mut self) {
        self.sign(|epoch| Some(secret_of(epoch).key()));
    }

    /// Puts the records in the place of those that are there, each with the check that a reader looks for. What else is
    /// there to tell of earlier records goes: nodes, and what was noted at the end.
    pub(super) fn put(&self, trail: &Trail) {
        let mut disk = trail.disk();
        for first in segment::all(&disk).unwrap() {
            fs::remove_file(trail.file(&segment::name(first))).unwrap();
        }
        for name in ["nodes", "state"] {
            let _ = fs::remove_file(trail.file(name));
        }
        let (mut link, mut size, mut log) = (Hash::default(), 0, Hash::default());
        let mut name = String::new();
        for item in &self.0 {
            let mut bytes = Vec::new();
            match item {
                Item::Segment => {
                    if let Some(Item::Event(event, _)) = self.0.get(1) {
                        log = event.log;
                    }
                    name = segment::name(size);
                    bytes = Header { log, first: size, previous: link }.to_bytes();
                }
                Item::Event(event, signature) => {
                    let event = event.to_bytes().unwrap();
                    link = Hash::link(link, &event);
                    size += 1;
                    match signature {
                        None => segment::write_event(&mut bytes, &event, link),
                        Some(signature) => segment::write_signed_event(&mut bytes, &event, link, signature),
                    }
                }
                Item::Commit(commit) => segment::write_commit(&mut bytes, commit, link),
                Item::Tombstone { leaf, link: next } => {
                    link = *next;
                    size += 1;
                    segment::write_tombstone(&mut bytes, *leaf, link);
                }
                Item::Runs(entries) => {
                    let counts = entries.iter().map(segment::run_count).collect();
                    segment::write_runs(&mut bytes, &counts, link);
                }
            }
            disk.append(&name, &bytes).unwrap();
        }
    }
}
