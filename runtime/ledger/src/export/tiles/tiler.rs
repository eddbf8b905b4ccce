//! The tiles of a tree, made from its leaves as they come.

use super::{WIDTH, path};
use crate::{Hash, tree::Edge};

/// A tile.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tile<'a> {
    level: usize,
    number: u64,
    hashes: &'a [Hash],
}

impl Tile<'_> {
    /// Where it is.
    pub(super) fn path(&self) -> String {
        path::tile(self.level, self.number, self.hashes.len())
    }

    /// Where it is once it is full.
    pub(super) fn full_path(&self) -> String {
        path::tile(self.level, self.number, WIDTH)
    }

    /// What it holds.
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.hashes.iter().flat_map(|hash| hash.0).collect()
    }
}

/// One level, as far as it is not full.
#[derive(Default)]
struct Level {
    number: u64,
    hashes: Vec<Hash>,
}

/// The tiles that are not full.
#[derive(Default)]
pub(super) struct Tiler {
    levels: Vec<Level>,
}

impl Tiler {
    /// Adds a leaf, and hands over the tiles that it fills.
    pub(super) fn push<E>(
        &mut self,
        leaf: Hash,
        mut full: impl FnMut(Tile<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut hash = leaf;
        for level in 0.. {
            if level == self.levels.len() {
                self.levels.push(Level::default());
            }
            let Level { number, hashes } = &mut self.levels[level];
            hashes.push(hash);
            if hashes.len() < WIDTH {
                break;
            }
            full(Tile { level, number: *number, hashes })?;
            let mut edge = Edge::default();
            hashes.drain(..).for_each(|hash| edge.append(hash, |_| {}));
            hash = edge.root();
            *number += 1;
        }
        Ok(())
    }

    /// Hands over the tiles that are not full.
    pub(super) fn rest<E>(&self, mut partial: impl FnMut(Tile<'_>) -> Result<(), E>) -> Result<(), E> {
        let levels = self.levels.iter().enumerate().filter(|(_, level)| !level.hashes.is_empty());
        for (level, Level { number, hashes }) in levels {
            partial(Tile { level, number: *number, hashes })?;
        }
        Ok(())
    }
}
