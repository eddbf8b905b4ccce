//! A log that can be written to.

mod prove;
mod publish;
mod settings;

use std::collections::BTreeMap;

use ed25519_dalek::SigningKey;
use zeroize::Zeroizing;

pub use self::settings::{Entropy, Settings};
use crate::{
    Body, Checkpoint, Hash,
    body::Genesis,
    chain::{self, BATCH_BYTES_MAX, Chain, Head, Unsigned},
    disk::Disk,
    epochs,
    error::LogError,
    keyfile::{self, KEY_FILE_BYTES_MAX, Sealing, Secrets},
    keys::{EpochKeys, EpochSecret, Seed},
    names::{EPOCHS, KEY},
    note::KeyName,
    position::{EVENTS_MAX, Position},
    recover::{self, Recovery},
    segment::{self, Commit, End},
    store::{self, Store},
};

/// Epochs that are kept for what a command still writes once it has begun: half a million events. A quarter of them in a
/// log that has fewer than 32.
pub const EPOCHS_SPARE: u32 = 8;
/// Events that are kept for the same.
const EVENTS_SPARE: u64 = 1 << 20;
/// A log that is open for writing.
pub struct Log<D> {
    chain: Chain,
    store: Store<D>,
    genesis: Genesis,
    /// What was acknowledged.
    head: Head,
}

impl<D: Disk> Log<D> {
    /// Begins a log.
    ///
    /// # Errors
    /// There is one; the disk.
    pub fn create(
        mut disk: D,
        settings: &Settings,
        entropy: &Entropy,
        passphrase: Option<&[u8]>,
        time_ms: u64,
    ) -> Result<Self, LogError> {
        if recover::has_log(&disk)? {
            return Err(LogError::Exists);
        }
        let first = EpochSecret::new(0, entropy.epoch.clone());
        let keys = EpochKeys::derive(&first, settings.epochs);
        let genesis = Genesis {
            origin: settings.origin.clone(),
            log_key: SigningKey::from_bytes(&entropy.log).verifying_key().to_bytes().into(),
            epoch_keys: keys.root(),
            epochs: settings.epochs,
            epoch_events_max: settings.epoch_events_max,
            epoch_ms_max: settings.epoch_ms_max,
            signing: settings.signing,
            host: settings.host,
            software: settings.software.clone(),
            nonce: entropy.nonce.into(),
            predecessor: settings.predecessor.clone(),
        };
        // Before anything is written: a log that no checkpoint can be made of could never be verified.
        Checkpoint::new(&genesis.origin, 0, Hash::default()).map_err(LogError::Origin)?;
        KeyName::new(&genesis.origin).map_err(|error| LogError::Name(error.to_string()))?;
        chain::check_time(time_ms)?;
        let sealing = passphrase.map(|passphrase| Sealing::new(passphrase, entropy.salt)).transpose()?;
        // The genesis comes first, and then the key.
        let secrets = Secrets { log: entropy.log.clone(), epoch: first.clone(), first: 1 };
        let write = |name: &str| {
            let segment = name.to_owned();
            |source| LogError::Write { segment, source }
        };
        // What a creation that was cut short may have left.
        for name in recover::leftovers(&disk).map_err(LogError::read("the directory"))? {
            disk.remove(&name).map_err(write(&name))?;
        }
        disk.replace(EPOCHS, &keys.to_bytes()).map_err(write(EPOCHS))?;
        disk.replace(KEY, &keyfile::write(&secrets, sealing.as_ref())).map_err(write(KEY))?;
        let named = (settings.origin.clone(), settings.signing);
        let mut chain = Chain::new(Default::default(), named, keys, first, None, settings.segment_bytes);
        chain.begin(genesis.clone(), time_ms)?;
        let nothing = End {
            segment: segment::name(0),
            bytes: 0,
            commit: Commit { size: 0, root: Hash::default(), signature: [0; 64].into() },
        };
        let store = Store::new(disk, nothing, Vec::new(), entropy.log.clone(), sealing);
        let mut log = Self { chain, store, genesis, head: Head::default() };
        log.commit()?;
        Ok(log)
    }

    /// Opens a log, and cuts what a write that was cut short has left behind the last signature.
    ///
    /// # Errors
    /// No log is there; it is not what was written; the disk.
    pub fn open(
        mut disk: D,
        passphrase: Option<&[u8]>,
        segment_bytes: u64,
    ) -> Result<(Self, Recovery), LogError> {
        if !recover::has_log(&disk)? {
            return Err(LogError::Missing);
        }
        let bytes = disk
            .read(KEY, KEY_FILE_BYTES_MAX)
            .map_err(LogError::read(KEY))?
            .ok_or_else(|| LogError::damaged(KEY, "it is missing"))?;
        let (secrets, sealing) = keyfile::read(&Zeroizing::new(bytes), passphrase)?;
        store::forget_old_secrets(&mut disk).map_err(LogError::read(KEY))?;
        let (position, end, recovery, seen) = recover::recover(&mut disk, &secrets.log)?;
        let Some(genesis) = position.genesis.clone() else { return Err(LogError::Missing) };
        KeyName::new(&genesis.origin).map_err(|error| {
            LogError::damaged("the genesis", &format!("nothing that is published can be named so: {error}"))
        })?;
        if *genesis.log_key != SigningKey::from_bytes(&secrets.log).verifying_key().to_bytes() {
            return Err(LogError::damaged(KEY, "it is the key of another log"));
        }
        let is_ahead = is_ahead(&secrets, &position)?;
        let key = secrets.epoch.epoch();
        let keys = epochs::read(&disk, &genesis)?;
        if keys.key(key) != Some(secrets.epoch.key().verifying_key().to_bytes()) {
            return Err(LogError::damaged(KEY, "it is the key of another log"));
        }
        let head = Head { size: position.size, root: position.root(), link: position.link };
        let last_ms = position.last_ms;
        let named = (genesis.origin.clone(), genesis.signing);
        let mut chain = Chain::new(position, named, keys, secrets.epoch, Some(end.bytes), segment_bytes);
        if is_ahead {
            // The key was kept, and then the power went: the log follows.
            chain.take_over(last_ms)?;
        }
        let store = Store::new(disk, end, seen, secrets.log, sealing);
        Ok((Self { chain, store, genesis, head }, recovery))
    }

    /// Whether there is a log.
    ///
    /// # Errors
    /// The disk.
    pub fn exists(disk: &D) -> Result<bool, LogError> {
        recover::has_log(disk)
    }

    /// Whether the creation of one was cut short here: nothing was acknowledged, and the next one begins it anew.
    ///
    /// # Errors
    /// The disk.
    pub fn is_half_made(disk: &D) -> Result<bool, LogError> {
        let leftovers = recover::leftovers(disk).map_err(LogError::read("the directory"))?;
        Ok(!leftovers.is_empty() && !recover::has_log(disk)?)
    }

    /// Whether so few keys are left that another log should take its place: see [`EPOCHS_SPARE`].
    #[must_use]
    pub fn is_full(&self) -> bool {
        let position = self.chain.position();
        let spare = EPOCHS_SPARE.min(self.genesis.epochs / 4).max(1);
        let is_last = position.epoch.saturating_add(spare) >= self.genesis.epochs;
        is_last || position.size >= EVENTS_MAX - EVENTS_SPARE
    }

    /// The time of the last event, in milliseconds since 1970.
    #[must_use]
    pub fn last_ms(&self) -> u64 {
        self.chain.position().last_ms
    }

    /// What the log is.
    #[must_use]
    pub fn genesis(&self) -> &Genesis {
        &self.genesis
    }

    /// Its name in events.
    #[must_use]
    pub fn id(&self) -> Hash {
        self.chain.position().log
    }

    /// What was acknowledged.
    #[must_use]
    pub fn head(&self) -> Head {
        self.head
    }

    /// Runs by component, with those that wait.
    #[must_use]
    pub fn runs(&self) -> &BTreeMap<Hash, u64> {
        &self.chain.position().runs
    }

    /// The files.
    pub fn disk(&self) -> &D {
        self.store.disk()
    }

    /// The files.
    pub(crate) fn disk_mut(&mut self) -> &mut D {
        self.store.disk_mut()
    }

    /// The seed of the key that signs what is published.
    pub(crate) fn log_seed(&self) -> &Seed {
        self.store.log_seed()
    }

    /// Adds an event; it is in the log once [`Self::commit`] came back. Its index comes back.
    ///
    /// # Errors
    /// It cannot be an event of this log; the disk, since much that waits, or waits in another epoch, is written before.
    pub fn append(&mut self, body: Body, time_ms: u64) -> Result<u64, LogError> {
        if self.chain.waiting_bytes() > BATCH_BYTES_MAX / 2 || self.chain.must_seal(time_ms) {
            self.commit()?;
        }
        self.chain.append(body, time_ms)
    }

    /// Returns once everything that was added is signed and on the disk.
    ///
    /// # Errors
    /// The disk: nothing more can be written then.
    pub fn commit(&mut self) -> Result<Head, LogError> {
        if let Some(batch) = self.chain.seal()?.map(Unsigned::sign) {
            self.store.write(&batch)?;
            self.head = batch.head;
        }
        Ok(self.head)
    }

    /// Begins the next epoch now: what signs from here on cannot sign for what was before.
    ///
    /// # Errors
    /// No epochs are left; the disk.
    pub fn rotate(&mut self, time_ms: u64) -> Result<u32, LogError> {
        self.commit()?;
        self.chain.rotate(time_ms)?;
        self.commit()?;
        Ok(self.chain.position().epoch)
    }

    /// Says that it ends in order, and keeps where it stands, so that the next one need not look.
    ///
    /// # Errors
    /// The disk.
    pub fn close(&mut self, time_ms: u64) -> Result<Head, LogError> {
        self.append(Body::Close, time_ms)?;
        let head = self.commit()?;
        self.keep_position()?;
        Ok(head)
    }

    /// Keeps where it stands. It need not reach the disk: what is there is used only if it fits.
    pub(crate) fn keep_position(&mut self) -> Result<(), LogError> {
        self.store.keep_position(self.chain.position())
    }

    /// Its two halves, to be used by two threads.
    pub(crate) fn into_parts(self) -> (Chain, Store<D>) {
        (self.chain, self.store)
    }
}

/// Whether the key was kept for an epoch that then was not begun: the power went between.
fn is_ahead(secrets: &Secrets, position: &Position) -> Result<bool, LogError> {
    let (key, first) = (secrets.epoch.epoch(), secrets.first);
    let is_ahead = key == position.epoch + 1;
    if key != position.epoch && !is_ahead {
        return Err(LogError::KeyEpoch { key, log: position.epoch });
    }
    // Nothing is between what was written last before the key was kept, and what begins its epoch.
    let log = if is_ahead { position.size } else { position.epoch_first };
    match log == first {
        true => Ok(is_ahead),
        false if is_ahead && log < first => {
            Err(LogError::Shorter { found: log, acknowledged: first, by: "there when its key took over" })
        }
        false => Err(LogError::KeyFirst { key: first, log }),
    }
}

#[cfg(test)]
mod tests;
