//! The Merkle tree of RFC 6962: roots, inclusion and consistency proofs, made and checked.
//!
//! A node is named by its level and its index there: it stands for the `2^level` leaves from `index · 2^level` on, and
//! exists once all of them do. What stands for other ranges is computed from nodes.

use std::convert::Infallible;

use minicbor::{Decode, Encode};

use crate::Hash;

/// Hashes in a proof at most: a tree of 2^64 leaves has no longer path.
pub const PROOF_HASHES_MAX: usize = 64;

/// Where nodes are.
pub trait Nodes {
    /// Why one could not be had.
    type Error;

    /// The node of that level and index, of which all leaves exist.
    ///
    /// # Errors
    /// If it cannot be had.
    fn node(&self, level: u32, index: u64) -> Result<Hash, Self::Error>;
}

/// Where a node is in the order in which nodes come into being: leaf by leaf, each followed by the nodes that it
/// completes, from the bottom up. The nodes that were complete before leaf `m` are `2m` less the ones in `m`.
#[must_use]
pub fn position(level: u32, index: u64) -> u64 {
    let last_leaf = ((index + 1) << level) - 1;
    nodes_of(last_leaf) + u64::from(level)
}

/// How many nodes a tree of that size has.
#[must_use]
pub fn nodes_of(size: u64) -> u64 {
    2 * size - u64::from(size.count_ones())
}

/// The right edge of a tree: all that is needed to go on with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Edge {
    #[n(0)]
    size: u64,
    /// Complete subtrees from left to right, each smaller than the one before.
    #[n(1)]
    peaks: Vec<Hash>,
}

impl Edge {
    /// The edge of the tree of that size.
    ///
    /// # Errors
    /// If a node cannot be had.
    pub fn of<N: Nodes>(nodes: &N, size: u64) -> Result<Self, N::Error> {
        let mut at = 0;
        let mut peaks = Vec::new();
        for level in (0..u64::BITS).rev().filter(|level| size >> level & 1 == 1) {
            peaks.push(nodes.node(level, at >> level)?);
            at += 1 << level;
        }
        Ok(Self { size, peaks })
    }

    /// Leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Whether it has a peak for each complete subtree: one that was read may not.
    pub(crate) fn is_sound(&self) -> bool {
        self.peaks.len() == self.size.count_ones() as usize
    }

    /// Adds a leaf and hands over the nodes that come into being, in order.
    pub fn append(&mut self, leaf: Hash, mut node: impl FnMut(Hash)) {
        let mut hash = leaf;
        node(hash);
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                hash = Hash::node(left, hash);
                node(hash);
            }
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root; of no leaves, the hash of nothing.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else { return Hash::of(&[]) };
        peaks.fold(*last, |right, left| Hash::node(*left, right))
    }
}

/// A tree that is in memory whole: 64 bytes a leaf.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    edge: Edge,
    nodes: Vec<Hash>,
}

impl Tree {
    /// Adds a leaf.
    pub fn append(&mut self, leaf: Hash) {
        self.edge.append(leaf, |node| self.nodes.push(node));
    }

    /// Leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.edge.size()
    }

    /// The root.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.edge.root()
    }
}

impl Nodes for Tree {
    type Error = Infallible;

    fn node(&self, level: u32, index: u64) -> Result<Hash, Infallible> {
        #[expect(clippy::cast_possible_truncation, reason = "they are in memory")]
        Ok(self.nodes[position(level, index) as usize])
    }
}

/// The root of the first `size` leaves.
///
/// # Errors
/// If a node cannot be had.
pub fn root<N: Nodes>(nodes: &N, size: u64) -> Result<Hash, N::Error> {
    Edge::of(nodes, size).map(|edge| edge.root())
}

/// The path that proves leaf `index` to be in the tree of that size (RFC 6962, 2.1.1). None if it is not.
///
/// # Errors
/// If a node cannot be had.
pub fn inclusion<N: Nodes>(nodes: &N, index: u64, size: u64) -> Result<Option<Vec<Hash>>, N::Error> {
    if index >= size {
        return Ok(None);
    }
    let (mut from, mut to) = (0, size);
    let mut path = Vec::new();
    while to - from > 1 {
        let middle = from + split(to - from);
        if index < middle {
            path.push(range(nodes, middle, to)?);
            to = middle;
        } else {
            path.push(range(nodes, from, middle)?);
            from = middle;
        }
    }
    path.reverse();
    Ok(Some(path))
}

/// What proves the tree of size `old` to be the beginning of that of size `new` (RFC 6962, 2.1.2). None if `old` is
/// larger. From an empty tree, and between equal ones, nothing needs to be proved.
///
/// # Errors
/// If a node cannot be had.
pub fn consistency<N: Nodes>(nodes: &N, old: u64, new: u64) -> Result<Option<Vec<Hash>>, N::Error> {
    if old > new {
        return Ok(None);
    }
    if old == 0 || old == new {
        return Ok(Some(Vec::new()));
    }
    let (mut from, mut to) = (0, new);
    let mut proof = Vec::new();
    // Whether the range is one that the old tree has whole, from its beginning: then its root is known.
    while old != to {
        let middle = from + split(to - from);
        if old <= middle {
            proof.push(range(nodes, middle, to)?);
            to = middle;
        } else {
            proof.push(range(nodes, from, middle)?);
            from = middle;
        }
    }
    if from > 0 {
        proof.push(range(nodes, from, to)?);
    }
    proof.reverse();
    Ok(Some(proof))
}

/// The largest power of two below `size`, which is more than one.
fn split(size: u64) -> u64 {
    1 << (u64::BITS - 1 - (size - 1).leading_zeros())
}

/// The hash of a range whose beginning is a multiple of the power of two that holds it, as all in a proof are.
fn range<N: Nodes>(nodes: &N, from: u64, to: u64) -> Result<Hash, N::Error> {
    let size = to - from;
    if size.is_power_of_two() {
        let level = size.trailing_zeros();
        return nodes.node(level, from >> level);
    }
    let middle = from + split(size);
    Ok(Hash::node(range(nodes, from, middle)?, range(nodes, middle, to)?))
}

/// Whether the path leads from the leaf to the root (RFC 9162, 2.1.3.2).
#[must_use]
pub fn includes(leaf: Hash, index: u64, size: u64, path: &[Hash], root: Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last) = (index, size - 1);
    let mut hash = leaf;
    for other in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = Hash::node(*other, hash);
            // The levels at which the rightmost subtree has no neighbour.
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = Hash::node(hash, *other);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && hash == root
}

/// Whether the proof shows the old tree to be the beginning of the new one (RFC 9162, 2.1.4.2).
#[must_use]
pub fn extends(old: (u64, Hash), new: (u64, Hash), proof: &[Hash]) -> bool {
    let ((old_size, old_root), (new_size, new_root)) = (old, new);
    if old_size > new_size {
        return false;
    }
    if old_size == new_size {
        return proof.is_empty() && old_root == new_root;
    }
    if old_size == 0 {
        return proof.is_empty() && old_root == Hash::of(&[]);
    }
    // A complete old tree is a node of the new one, and left out.
    let mut proof = proof.iter().copied();
    let first = if old_size.is_power_of_two() { Some(old_root) } else { proof.next() };
    let Some(first) = first else { return false };
    let (mut at, mut last) = (old_size - 1, new_size - 1);
    while at & 1 == 1 {
        at >>= 1;
        last >>= 1;
    }
    let (mut old_hash, mut new_hash) = (first, first);
    for other in proof {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            old_hash = Hash::node(other, old_hash);
            new_hash = Hash::node(other, new_hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = Hash::node(new_hash, other);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && old_hash == old_root && new_hash == new_root
}

#[cfg(test)]
mod tests {
    use ct_merkle::{HashableLeaf, mem_backed_tree::MemoryBackedTree};
    use data_encoding::HEXLOWER;
    use proptest::prelude::*;
    use sha2::Sha256;

    use super::*;

    fn leaf(index: u64) -> [u8; 8] {
        index.to_be_bytes()
    }

    fn tree(size: u64) -> Tree {
        let mut tree = Tree::default();
        (0..size).for_each(|index| tree.append(Hash::leaf(&leaf(index))));
        tree
    }

    #[test]
    fn an_empty_tree_has_the_hash_of_nothing() {
        let known = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Tree::default().root().to_string(), known);
    }

    #[test]
    fn the_known_vectors_of_certificate_transparency_come_out() {
        let leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"];
        let mut tree = Tree::default();
        for text in leaves {
            tree.append(Hash::leaf(&HEXLOWER.decode(text.as_bytes()).unwrap()));
        }
        // The eighth leaf is 606162636465666768696a6b6c6d6e6f.
        tree.append(Hash::leaf(&(0x60..=0x6f).collect::<Vec<u8>>()));
        let known = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328";
        assert_eq!(tree.root().to_string(), known);
        let of_five = root(&tree, 5).unwrap().to_string();
        assert_eq!(of_five, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4");
    }

    /// A leaf as the other implementation takes it.
    struct Other([u8; 8]);

    impl HashableLeaf for Other {
        fn hash<H: ct_merkle::digest::Update>(&self, hasher: &mut H) {
            hasher.update(&self.0);
        }
    }

    #[test]
    fn another_implementation_has_the_same_roots_and_takes_our_proofs() {
        let ours = tree(130);
        let mut theirs = MemoryBackedTree::<Sha256, Other>::new();
        for size in 1..=130 {
            theirs.push(Other(leaf(size - 1)));
            let their_root = theirs.root();
            assert_eq!(root(&ours, size).unwrap().0.as_slice(), their_root.as_bytes().as_slice(), "{size}");
            for index in [0, size / 3, size / 2, size - 1] {
                let path = inclusion(&ours, index, size).unwrap().unwrap();
                let at = usize::try_from(index).unwrap();
                let their_path = theirs.prove_inclusion(at);
                let bytes: Vec<u8> = path.iter().flat_map(|hash| hash.0).collect();
                assert_eq!(bytes, their_path.as_bytes(), "{index} of {size}");
                their_root.verify_inclusion(&Other(leaf(index)), index, &their_path).unwrap();
            }
        }
    }

    #[test]
    fn edges_go_on_from_where_a_tree_is() {
        let whole = tree(77);
        for size in 0..77 {
            let mut edge = Edge::of(&whole, size).unwrap();
            for index in size..77 {
                edge.append(Hash::leaf(&leaf(index)), |_| {});
            }
            assert_eq!(edge.root(), whole.root(), "{size}");
        }
    }

    proptest! {
        #[test]
        fn every_leaf_is_proved_and_no_other(size in 1_u16..300, at: prop::sample::Index, other: prop::sample::Index) {
            let (count, size) = (usize::from(size), u64::from(size));
            let tree = tree(size);
            let index = at.index(count) as u64;
            let path = inclusion(&tree, index, size).unwrap().unwrap();
            let hash = Hash::leaf(&leaf(index));
            prop_assert!(includes(hash, index, size, &path, tree.root()));
            let elsewhere = other.index(count) as u64;
            prop_assert_eq!(includes(hash, elsewhere, size, &path, tree.root()), index == elsewhere);
            prop_assert!(!includes(Hash::leaf(b"other"), index, size, &path, tree.root()));
            if let Some((_, short)) = path.split_last() {
                prop_assert!(!includes(hash, index, size, short, tree.root()));
            }
            let long: Vec<Hash> = path.iter().copied().chain([hash]).collect();
            prop_assert!(!includes(hash, index, size, &long, tree.root()));
        }

        #[test]
        fn every_beginning_is_proved_and_nothing_else(new in 1_u16..300, at: prop::sample::Index, bit in 0_usize..256) {
            let old = at.index(usize::from(new) + 1) as u64;
            let new = u64::from(new);
            let tree = tree(new);
            let proof = consistency(&tree, old, new).unwrap().unwrap();
            let old_root = root(&tree, old).unwrap();
            prop_assert!(extends((old, old_root), (new, tree.root()), &proof));
            let mut bent = old_root;
            bent.0[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(!extends((old, bent), (new, tree.root()), &proof));
            if old > 0 {
                let mut bent = tree.root();
                bent.0[bit / 8] ^= 1 << (bit % 8);
                prop_assert!(!extends((old, old_root), (new, bent), &proof));
            }
        }
    }
}
