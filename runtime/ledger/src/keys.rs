//! The keys of epochs: each is derived from a seed, the seed of the next one from it, and the old seed is wiped.
//!
//! Whoever takes the seed of an epoch can sign in this one and later ones, and not in those before. Which keys are those
//! of the log is settled when it begins: the genesis holds the root of a tree over all of them.

use ed25519_dalek::SigningKey;
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{
    Hash,
    note::SEED_BYTES,
    tree::{self, Tree},
};

/// A secret that keys come from; wiped when it goes.
pub type Seed = Zeroizing<[u8; SEED_BYTES]>;

/// Epochs of a log at most. Stops a genesis from asking for more keys than a verifier can hold.
pub const EPOCHS_MAX: u32 = 1 << 20;

/// The secret of one epoch.
#[derive(Clone)]
pub struct EpochSecret {
    epoch: u32,
    seed: Seed,
}

impl EpochSecret {
    /// Of that epoch.
    #[must_use]
    pub fn new(epoch: u32, seed: Seed) -> Self {
        Self { epoch, seed }
    }

    /// Which.
    #[must_use]
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// What to keep of it.
    #[must_use]
    pub fn seed(&self) -> &Seed {
        &self.seed
    }

    /// What signs in it.
    #[must_use]
    pub fn key(&self) -> SigningKey {
        SigningKey::from_bytes(&self.derive(b"invar/epoch/key/v1"))
    }

    /// The next epoch's. HKDF-SHA-256 (RFC 5869) leads one way only.
    #[must_use]
    pub fn next(&self) -> Self {
        Self { epoch: self.epoch + 1, seed: self.derive(b"invar/epoch/next/v1") }
    }

    fn derive(&self, what: &[u8]) -> Seed {
        let mut bytes = Zeroizing::new([0; SEED_BYTES]);
        let extracted = Hkdf::<Sha256>::new(Some(b"invar/epoch/v1"), self.seed.as_slice());
        // It fails for more than 8,160 bytes only.
        let expanded = extracted.expand(what, bytes.as_mut_slice());
        debug_assert!(expanded.is_ok());
        bytes
    }
}

/// The public keys of all epochs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpochKeys(Vec<[u8; 32]>);

impl EpochKeys {
    /// Of so many epochs, from the secret of the first.
    #[must_use]
    pub fn derive(first: &EpochSecret, epochs: u32) -> Self {
        let mut secret = first.clone();
        let mut keys = Vec::new();
        for _ in 0..epochs {
            keys.push(secret.key().verifying_key().to_bytes());
            secret = secret.next();
        }
        Self(keys)
    }

    /// From what [`Self::to_bytes`] gave.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (keys, rest) = bytes.as_chunks::<32>();
        rest.is_empty().then(|| Self(keys.to_vec()))
    }

    /// One after the other.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.concat()
    }

    /// The key of an epoch.
    #[must_use]
    pub fn key(&self, epoch: u32) -> Option<[u8; 32]> {
        self.0.get(epoch as usize).copied()
    }

    /// The root that a genesis holds.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.tree().root()
    }

    /// What proves the key of an epoch to be one of these.
    #[must_use]
    pub fn path(&self, epoch: u32) -> Option<Vec<Hash>> {
        let Ok(path) = tree::inclusion(&self.tree(), u64::from(epoch), self.0.len() as u64);
        path
    }

    fn tree(&self) -> Tree {
        let mut tree = Tree::default();
        (0..).zip(&self.0).for_each(|(epoch, key)| tree.append(leaf(epoch, key)));
        tree
    }
}

/// Whether the key is that of the epoch, in a log whose genesis holds that root.
#[must_use]
pub fn is_of_epoch(key: &[u8; 32], epoch: u32, path: &[Hash], epochs: u32, root: Hash) -> bool {
    tree::includes(leaf(epoch, key), u64::from(epoch), u64::from(epochs), path, root)
}

fn leaf(epoch: u32, key: &[u8; 32]) -> Hash {
    Hash::leaf(&[b"invar/epoch/v1\n".as_slice(), &epoch.to_be_bytes(), key].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first() -> EpochSecret {
        EpochSecret::new(0, Zeroizing::new([7; 32]))
    }

    #[test]
    fn the_keys_of_all_epochs_are_those_that_come_one_after_the_other() {
        let keys = EpochKeys::derive(&first(), 5);
        let mut secret = first();
        for epoch in 0..5 {
            assert_eq!(secret.epoch(), epoch);
            assert_eq!(keys.key(epoch).unwrap(), secret.key().verifying_key().to_bytes());
            secret = secret.next();
        }
        assert_eq!(keys.key(5), None);
        assert_eq!(EpochKeys::from_bytes(&keys.to_bytes()), Some(keys));
    }

    #[test]
    fn a_key_is_that_of_its_epoch_alone() {
        let keys = EpochKeys::derive(&first(), 5);
        let (root, path) = (keys.root(), keys.path(2).unwrap());
        let key = keys.key(2).unwrap();
        assert!(is_of_epoch(&key, 2, &path, 5, root));
        assert!(!is_of_epoch(&key, 1, &path, 5, root));
        assert!(!is_of_epoch(&keys.key(3).unwrap(), 2, &path, 5, root));
    }
}
