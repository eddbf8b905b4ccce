//! The nodes of the tree in a file, 32 bytes each, in the order in which they came into being.

use std::{cell::RefCell, io};

use crate::{Hash, disk::Disk, store::NODES, tree, tree::Nodes};

/// Bytes that are read at once: the lower nodes of one leaf's path lie together.
const BLOCK_BYTES: usize = 4096;
/// Blocks that are kept: the upper nodes are those of many paths.
const BLOCKS_MAX: usize = 64;

/// The file of nodes, as far as it was written when it is read.
pub struct NodeFile<'a, D> {
    disk: &'a D,
    blocks: RefCell<Vec<(u64, Vec<u8>)>>,
}

impl<'a, D: Disk> NodeFile<'a, D> {
    /// Of these files.
    pub fn new(disk: &'a D) -> Self {
        Self { disk, blocks: RefCell::default() }
    }
}

impl<D: Disk> Nodes for NodeFile<'_, D> {
    type Error = io::Error;

    fn node(&self, level: u32, index: u64) -> io::Result<Hash> {
        let position = tree::position(level, index) * 32;
        let block = position / BLOCK_BYTES as u64;
        #[expect(clippy::cast_possible_truncation, reason = "within a block")]
        let at = (position % BLOCK_BYTES as u64) as usize;
        let mut blocks = self.blocks.borrow_mut();
        let known = blocks.iter().position(|(own, bytes)| *own == block && bytes.len() >= at + 32);
        let known = match known {
            Some(known) => known,
            None => {
                let mut bytes = vec![0; BLOCK_BYTES];
                let read = self.disk.read_at(NODES, block * BLOCK_BYTES as u64, &mut bytes)?;
                bytes.truncate(read);
                if blocks.len() >= BLOCKS_MAX {
                    // The one that was read longest ago; those of upper nodes come back at once.
                    blocks.remove(0);
                }
                blocks.push((block, bytes));
                blocks.len() - 1
            }
        };
        match blocks[known].1.get(at..).and_then(<[u8]>::first_chunk::<32>) {
            Some(hash) => Ok(Hash(*hash)),
            None => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "a node of the tree is missing")),
        }
    }
}
