//! The nodes of the tree in a file, 32 bytes each, in the order in which they came into being.

use std::io;

use crate::{Hash, disk::Disk, store::NODES, tree, tree::Nodes};

/// The file of nodes.
pub struct NodeFile<'a, D>(&'a D);

impl<'a, D: Disk> NodeFile<'a, D> {
    /// Of these files.
    pub fn new(disk: &'a D) -> Self {
        Self(disk)
    }
}

impl<D: Disk> Nodes for NodeFile<'_, D> {
    type Error = io::Error;

    fn node(&self, level: u32, index: u64) -> io::Result<Hash> {
        let mut hash = [0; 32];
        match self.0.read_at(NODES, tree::position(level, index) * 32, &mut hash)? {
            32 => Ok(Hash(hash)),
            _ => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "a node of the tree is missing")),
        }
    }
}
