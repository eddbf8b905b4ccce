//! The table of inodes: chunks of slots that copies share.

use std::sync::Arc;

use imbl::OrdSet;

use super::{Ino, Inode};
use crate::{CachedDigest, Digest};

/// Slots of a chunk: copied whole when one of them changes.
const CHUNK_SLOTS: usize = 64;

type Slot = Option<Arc<CachedDigest<Inode>>>;

#[derive(Debug, Clone)]
struct Chunk([Slot; CHUNK_SLOTS]);

/// Inodes by number. Freed numbers are taken again, lowest first, as file systems do.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    chunks: Vec<Arc<CachedDigest<Chunk>>>,
    /// Free numbers below `next`.
    free: OrdSet<u32>,
    next: u32,
    len: u32,
}

impl Table {
    pub(super) fn len(&self) -> u32 {
        self.len
    }

    pub(super) fn get(&self, ino: Ino) -> Option<&Inode> {
        let (chunk, slot) = place(ino);
        Some(self.chunks.get(chunk)?.get().0[slot].as_ref()?.get())
    }

    pub(super) fn get_mut(&mut self, ino: Ino) -> Option<&mut Inode> {
        // Look first: a chunk must not lose its digest for nothing.
        self.get(ino)?;
        let slot = self.slot_mut(ino).as_mut()?;
        Some(Arc::make_mut(slot).get_mut())
    }

    /// Keeps a number from being given out.
    pub(super) fn reserve(&mut self, ino: Ino) {
        self.next = self.next.max(ino.0 + 1);
    }

    pub(super) fn add(&mut self, inode: Inode) -> Ino {
        let ino = match self.free.get_min().copied() {
            Some(free) => Ino(free),
            None => Ino(self.next),
        };
        self.put(ino, inode);
        ino
    }

    /// Puts an inode at a number that is not in use.
    pub(super) fn put(&mut self, ino: Ino, inode: Inode) {
        for skipped in self.next..ino.0 {
            self.free.insert(skipped);
        }
        self.next = self.next.max(ino.0 + 1);
        self.free.remove(&ino.0);
        *self.slot_mut(ino) = Some(Arc::new(CachedDigest::new(inode)));
        self.len += 1;
    }

    pub(super) fn remove(&mut self, ino: Ino) -> Option<Inode> {
        self.get(ino)?;
        let slot = self.slot_mut(ino).take()?;
        self.free.insert(ino.0);
        self.len -= 1;
        Some(Arc::unwrap_or_clone(slot).get().clone())
    }

    /// Numbers and inodes, in the order of the numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Ino, &Inode)> {
        (0..self.next).filter_map(|number| Some((Ino(number), self.get(Ino(number))?)))
    }

    /// Whether the inode of that number is the very same in both tables, shared since a copy.
    pub(super) fn is_shared(&self, other: &Self, ino: Ino) -> bool {
        let (chunk, slot) = place(ino);
        match (self.chunks.get(chunk), other.chunks.get(chunk)) {
            (Some(this), Some(other)) if Arc::ptr_eq(this, other) => true,
            (Some(this), Some(other)) => match (&this.get().0[slot], &other.get().0[slot]) {
                (Some(this), Some(other)) => Arc::ptr_eq(this, other),
                (None, None) => true,
                _ => false,
            },
            _ => false,
        }
    }

    /// SHA-256 over the digests of the chunks, each over the digests of its inodes.
    pub(super) fn digest(&self) -> Digest {
        let mut bytes = Vec::with_capacity(self.chunks.len() * 32);
        for chunk in &self.chunks {
            let digest = chunk.digest(|Chunk(slots)| {
                let mut bytes = Vec::with_capacity(CHUNK_SLOTS * 33);
                for (number, slot) in (0u8..).zip(slots) {
                    if let Some(inode) = slot {
                        bytes.push(number);
                        bytes.extend_from_slice(&inode.digest(Inode::digest).0);
                    }
                }
                Digest::of_parts("invar/inodes", &[&bytes])
            });
            bytes.extend_from_slice(&digest.0);
        }
        Digest::of_parts("invar/tree", &[&bytes])
    }

    fn slot_mut(&mut self, ino: Ino) -> &mut Slot {
        let (chunk, slot) = place(ino);
        while self.chunks.len() <= chunk {
            self.chunks.push(Arc::new(CachedDigest::new(Chunk([const { None }; CHUNK_SLOTS]))));
        }
        &mut Arc::make_mut(&mut self.chunks[chunk]).get_mut().0[slot]
    }
}

fn place(ino: Ino) -> (usize, usize) {
    let number = ino.0 as usize;
    (number / CHUNK_SLOTS, number % CHUNK_SLOTS)
}

#[cfg(test)]
mod tests {
    use super::Table;
    use crate::{
        Timestamp,
        tree::{Content, Ino, Inode, Node},
    };

    fn inode() -> Inode {
        Inode::new(Node::File(Content::default()), Timestamp(0))
    }

    #[test]
    fn freed_numbers_are_taken_again_lowest_first() {
        let mut table = Table::default();
        for number in 0..200 {
            assert_eq!(table.add(inode()), Ino(number));
        }
        table.remove(Ino(150));
        table.remove(Ino(3));
        assert_eq!(table.add(inode()), Ino(3));
        assert_eq!(table.add(inode()), Ino(150));
        assert_eq!(table.add(inode()), Ino(200));
    }

    #[test]
    fn only_what_changed_stops_being_shared() {
        let mut one = Table::default();
        for _ in 0..130 {
            one.add(inode());
        }
        let two = one.clone();
        one.get_mut(Ino(65)).unwrap().links = 9;
        assert!(one.is_shared(&two, Ino(64)) && !one.is_shared(&two, Ino(65)) && one.is_shared(&two, Ino(2)));
    }
}
