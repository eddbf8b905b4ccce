//! From a leaf to the root that a path leads to.

use crate::Hash;

/// The root that the path leads to from the leaf of that index, in a tree of that size; none if it is not as long as such
/// paths are. By the definition of the tree (RFC 9162, 2.1.1), from the root down.
pub(super) fn root(leaf: Hash, index: u64, size: u64, path: &[Hash]) -> Option<Hash> {
    if index >= size {
        return None;
    }
    if size == 1 {
        return path.is_empty().then_some(leaf);
    }
    let (other, path) = path.split_last()?;
    // The largest power of two below the size: the left half. Each step at least halves what is left: 64 at most.
    let left = 1 << (u64::BITS - 1 - (size - 1).leading_zeros());
    match index.checked_sub(left) {
        None => Some(Hash::node(root(leaf, index, left, path)?, *other)),
        Some(index) => Some(Hash::node(*other, root(leaf, index, size - left, path)?)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        testing::hashes,
        tree::{self, Tree},
    };

    proptest! {
        #[test]
        fn a_path_leads_to_the_root_and_to_no_other(size in 1_u64..300, at: prop::sample::Index) {
            let index = at.index(usize::try_from(size).unwrap()) as u64;
            let mut tree = Tree::default();
            (0..size).for_each(|leaf| tree.append(Hash::leaf(&leaf.to_be_bytes())));
            let path = tree::inclusion(&tree, index, size).unwrap().unwrap();
            let leaf = Hash::leaf(&index.to_be_bytes());
            prop_assert_eq!(root(leaf, index, size, &path), Some(tree.root()));
            prop_assert_ne!(root(Hash::of(b"other"), index, size, &path), Some(tree.root()));
            prop_assert_eq!(root(leaf, index, size, &[path.as_slice(), &[leaf]].concat()), None);
        }

        #[test]
        fn what_it_leads_to_is_what_the_tree_takes(
            leaf in hashes(),
            index: u64,
            size in prop_oneof![0_u64..300, any::<u64>()],
            path in proptest::collection::vec(hashes(), 0..70),
        ) {
            let index = if size < 300 { index % 300 } else { index };
            match root(leaf, index, size, &path) {
                Some(root) => prop_assert!(tree::includes(leaf, index, size, &path, root)),
                None => prop_assert!(!tree::includes(leaf, index, size, &path, leaf)),
            }
        }
    }
}
