//! Proofs between the sizes of a log, each checked before it is given: the file of nodes is not signed.

use crate::{Hash, disk::Disk, nodes::NodeFile, tree};

/// The proof from the first `old` events to a size and its root, if the nodes have one: it is checked.
pub fn continues<D: Disk>(disk: &D, old: u64, new: (u64, Hash)) -> Option<Vec<Hash>> {
    let nodes = NodeFile::new(disk);
    let proof = tree::consistency(&nodes, old, new.0).ok().flatten()?;
    let root = tree::root(&nodes, old).ok()?;
    tree::extends((old, root), new, &proof).then_some(proof)
}
