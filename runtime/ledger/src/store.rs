//! Putting batches on the disk: one write and one sync each.

use std::io;

use crate::{
    chain::Batch,
    disk::Disk,
    error::LogError,
    keyfile::{self, KEY_FILE_BYTES_MAX, Sealing, Secrets},
    keys::Seed,
    names::{KEY, NODES, STATE},
    position::Position,
    segment::{self, End, HEADER_BYTES},
    state::{self, SegmentFingerprint, State},
};

/// The end of the files.
pub struct Store<D> {
    disk: D,
    /// The last signature that is on the disk.
    end: End,
    /// What the segments looked like when they were verified.
    seen: Vec<SegmentFingerprint>,
    /// The first segment that this one writes to, by its first event.
    writes_from: u64,
    /// Seals the secrets of epochs to come.
    log_seed: Seed,
    sealing: Option<Sealing>,
    /// Something went wrong: what is on the disk is not known any more.
    is_broken: bool,
}

impl<D: Disk> Store<D> {
    pub(crate) fn new(
        disk: D,
        end: End,
        seen: Vec<SegmentFingerprint>,
        log_seed: Seed,
        sealing: Option<Sealing>,
    ) -> Self {
        let writes_from = segment::first_of(&end.segment).unwrap_or(0);
        Self { disk, end, seen, writes_from, log_seed, sealing, is_broken: false }
    }

    /// The files.
    pub fn disk(&self) -> &D {
        &self.disk
    }

    pub(crate) fn disk_mut(&mut self) -> &mut D {
        &mut self.disk
    }

    /// The seed of the key that signs what is published.
    pub(crate) fn log_seed(&self) -> &Seed {
        &self.log_seed
    }

    /// Returns once the batch is on the disk.
    ///
    /// # Errors
    /// It is not, or may not be: nothing more is written by this store.
    pub fn write(&mut self, batch: &Batch) -> Result<(), LogError> {
        if self.is_broken {
            return Err(LogError::Broken);
        }
        self.try_write(batch).map_err(|source| {
            self.is_broken = true;
            LogError::Write { segment: self.end.segment.clone(), source }
        })
    }

    /// Keeps where the log stands, once everything is written. It need not reach the disk: what is there is used only if
    /// it fits.
    pub(crate) fn keep_position(&mut self, position: &Position) -> Result<(), LogError> {
        let state = State {
            position: position.clone(),
            end: self.end.clone(),
            segments: state::seen(&self.disk)
                .map(|now| state::verified(now.unwrap_or_default(), &self.seen, self.writes_from))
                .map_err(LogError::read("the directory"))?,
        };
        state::keep(&mut self.disk, &self.log_seed, &state)
            .map_err(|source| LogError::Write { segment: STATE.into(), source })
    }

    fn try_write(&mut self, batch: &Batch) -> io::Result<()> {
        if let Some(epoch) = &batch.epoch {
            // First: what is signed with a key that is lost could not be gone on with.
            let first = batch.epoch_first;
            let secrets = Secrets { log: self.log_seed.clone(), epoch: (**epoch).clone(), first };
            put_secrets(&mut self.disk, &secrets, self.sealing.as_ref())?;
        }
        let End { segment, bytes, commit } = &mut self.end;
        if let Some(header) = &batch.begins {
            (*segment, *bytes) = (segment::name(header.first), HEADER_BYTES as u64);
            self.disk.create(segment, &header.to_bytes())?;
        }
        self.disk.append(segment, &batch.bytes)?;
        self.disk.sync(segment)?;
        if batch.begins.is_some() {
            self.disk.sync_names()?;
        }
        *bytes += batch.bytes.len() as u64;
        *commit = batch.commit;
        // Not synced: they can be made again from the events.
        self.disk.append(NODES, &batch.nodes)
    }
}

const OLD: &str = "key.old";

/// Keeps new secrets and wipes the old ones.
fn put_secrets<D: Disk>(disk: &mut D, secrets: &Secrets, sealing: Option<&Sealing>) -> io::Result<()> {
    // The old file keeps a name until the new one is there, so that it can be found and wiped whatever happens.
    let new = "key.new";
    disk.create(new, &keyfile::write(secrets, sealing))?;
    disk.sync(new)?;
    disk.link(KEY, OLD)?;
    disk.rename(new, KEY)?;
    disk.sync_names()?;
    disk.wipe(OLD)
}

/// Wipes old secrets that were kept when the power went.
pub(crate) fn forget_old_secrets<D: Disk>(disk: &mut D) -> io::Result<()> {
    let Some(old) = disk.read(OLD, KEY_FILE_BYTES_MAX)? else { return Ok(()) };
    match disk.read(KEY, KEY_FILE_BYTES_MAX)?.is_some_and(|key| key == old) {
        // Another name of the same file: the new one never took its place.
        true => disk.remove(OLD),
        false => disk.wipe(OLD),
    }
}
