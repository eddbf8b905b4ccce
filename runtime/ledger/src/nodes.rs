//! The nodes of the tree in a file, 32 bytes each, in the order in which they came into being.

use std::{cell::RefCell, io};

use crate::{
    Hash,
    disk::Disk,
    error::LogError,
    names::NODES,
    segment::{self, HEADER_BYTES, Header, Record, Records},
    tree::{self, Edge, Nodes},
};

/// Bytes of nodes that are written at once.
const WRITE_BYTES: usize = 1 << 20;

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
        let known = blocks.iter().position(|(number, bytes)| *number == block && bytes.len() >= at + 32);
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

/// Makes the file again from the first `size` events, whole or not at all. Whether they come to that root; if not, the file
/// stays as it was.
pub(crate) fn remake<D: Disk>(disk: &mut D, (size, root): (u64, Hash)) -> Result<bool, LogError> {
    const NEW: &str = "nodes.new";
    let write = |source| LogError::Write { segment: NODES.into(), source };
    disk.create(NEW, &[]).map_err(write)?;
    let (mut edge, mut nodes) = (Edge::default(), Vec::new());
    'segments: for first in segment::all(disk).map_err(LogError::read("the directory"))? {
        let name = segment::name(first);
        let mut header = [0; HEADER_BYTES];
        disk.read_at(&name, 0, &mut header).map_err(LogError::read(&name))?;
        let Some(header) = Header::from_bytes(&header) else { break };
        let mut at = (HEADER_BYTES as u64, header.previous);
        loop {
            // Opened for each write again: a reader holds the disk.
            let mut records = Records::new(disk, name.clone(), at.0, at.1);
            let mut is_end = false;
            while nodes.len() < WRITE_BYTES {
                if edge.size() == size {
                    break;
                }
                let leaf = match records.read().map_err(LogError::read(&name))? {
                    Ok(Some(Record::Event(event, _))) => Hash::leaf(event),
                    Ok(Some(Record::Tombstone { leaf, .. })) => leaf,
                    Ok(Some(Record::Commit(_) | Record::Runs(_))) => continue,
                    Ok(None) | Err(_) => {
                        is_end = true;
                        break;
                    }
                };
                edge.append(leaf, |node| nodes.extend_from_slice(&node.0));
            }
            at = (records.offset(), records.link());
            disk.append(NEW, &nodes).map_err(write)?;
            nodes.clear();
            if edge.size() == size {
                break 'segments;
            }
            if is_end {
                break;
            }
        }
    }
    let is_same = edge.size() == size && edge.root() == root;
    let done = if is_same { disk.rename(NEW, NODES) } else { disk.remove(NEW) };
    done.map_err(write)?;
    Ok(is_same)
}
