//! Writing what lines say, so that it becomes a log all at once or not at all.

use std::{collections::BTreeMap, io};

use super::error::{ImportError, Problem};
use crate::{
    Hash, Head, LogError, SignedCheckpoint,
    disk::Disk,
    keys::EpochKeys,
    names::{CHECKPOINT, EPOCHS, KEY, NODES, STATE},
    position::Position,
    published, recover,
    segment::{self, Commit, Header, Record, SIGNATURE_BYTES},
};

/// What came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    /// Its name in events.
    pub log: Hash,
    /// Where it stands.
    pub head: Head,
    /// Events that were pruned.
    pub gone: u64,
}

/// Bytes that are written to a file at once.
const WRITE_BYTES: usize = 1 << 20;
/// Behind the name of a segment until the log is whole.
const UNFINISHED: &str = ".new";

/// What the first line says.
struct Said {
    origin: String,
    vkey: String,
    epochs: Option<Vec<u8>>,
}

/// A directory that becomes a log.
pub(super) struct Writer<'a, D> {
    disk: &'a mut D,
    log: Hash,
    /// Until the genesis is there to be compared.
    said: Option<Said>,
    position: Position,
    /// First events of the segments.
    segments: Vec<u64>,
    /// Records of the last one that are to be written.
    records: Vec<u8>,
    nodes: Vec<u8>,
    gone: u64,
}

impl<'a, D: Disk> Writer<'a, D> {
    /// Into a directory that has nothing of a log in it.
    pub(super) fn new(disk: &'a mut D) -> Result<Self, ImportError> {
        let names = disk.names().map_err(LogError::read("the directory"))?;
        if let Some(name) = names.into_iter().find(|name| is_ours(name)) {
            return Err(ImportError::Exists(name));
        }
        Ok(Self {
            disk,
            log: Hash::default(),
            said: None,
            position: Position::default(),
            segments: Vec::new(),
            records: Vec::new(),
            nodes: Vec::new(),
            gone: 0,
        })
    }

    /// The log, as the first line names it.
    pub(super) fn log(&self) -> Hash {
        self.log
    }

    /// What the first line says.
    pub(super) fn head(
        &mut self,
        log: Hash,
        origin: &str,
        vkey: &str,
        epochs: Option<Vec<u8>>,
        checkpoint: Option<SignedCheckpoint>,
    ) -> Result<(), Problem> {
        self.log = log;
        if let Some(checkpoint) = checkpoint {
            published::keep(self.disk, &checkpoint)?;
        }
        self.disk.create(NODES, &[]).map_err(write_error(NODES))?;
        self.said = Some(Said { origin: origin.to_owned(), vkey: vkey.to_owned(), epochs });
        Ok(())
    }

    /// A segment begins.
    pub(super) fn segment(&mut self, header: Header) -> Result<(), Problem> {
        if (header.first, header.previous) != (self.position.size, self.position.link)
            || self.segments.last().is_some_and(|last| *last >= header.first)
        {
            return Err("the segment does not begin where the one before it ends".into());
        }
        self.flush()?;
        self.segments.push(header.first);
        let name = unfinished(header.first);
        Ok(self.disk.create(&name, &header.to_bytes()).map_err(write_error(&name))?)
    }

    pub(super) fn event(
        &mut self,
        bytes: &[u8],
        signature: Option<&[u8; SIGNATURE_BYTES]>,
    ) -> Result<(), Problem> {
        let is_first = self.position.size == 0;
        self.take(Record::Event(bytes, signature))?;
        if is_first {
            self.check_head()?;
        }
        let link = self.position.link;
        match signature {
            Some(signature) => segment::write_signed_event(&mut self.records, bytes, link, signature),
            None => segment::write_event(&mut self.records, bytes, link),
        }
        self.flush_much()
    }

    pub(super) fn commit(&mut self, commit: &Commit) -> Result<(), Problem> {
        self.take(Record::Commit(*commit))?;
        segment::write_commit(&mut self.records, commit, self.position.link);
        self.flush_much()
    }

    pub(super) fn gone(&mut self, index: u64, leaf: Hash, link: Hash) -> Result<(), Problem> {
        if index != self.position.size || self.position.genesis.is_none() {
            return Err("it is not the next event".into());
        }
        self.take(Record::Tombstone { leaf, link })?;
        self.gone += 1;
        segment::write_tombstone(&mut self.records, leaf, link);
        self.flush_much()
    }

    pub(super) fn runs(&mut self, entries: &[[u8; 40]]) -> Result<(), Problem> {
        self.take(Record::Runs(entries))?;
        let runs: BTreeMap<Hash, u64> = entries.iter().map(segment::run_count).collect();
        let before = self.records.len();
        segment::write_runs(&mut self.records, &runs, self.position.link);
        // One line is one record.
        match runs_are_one_record(entries.len(), self.records.len() - before) {
            true => self.flush_much(),
            false => Err("it has more components than a record".into()),
        }
    }

    /// The last line.
    pub(super) fn end(&mut self, events: u64) -> Result<(), Problem> {
        match events == self.position.size && self.position.genesis.is_some() {
            true => Ok(()),
            false => Err("it is of another number of events than there are lines for".into()),
        }
    }

    /// Makes it a log, once everything is on the disk.
    pub(super) fn finish(&mut self) -> Result<Imported, LogError> {
        self.flush()?;
        let Position { size, link, log, .. } = self.position;
        published::check(self.disk, &self.position)?;
        for first in &self.segments {
            let name = unfinished(*first);
            self.disk.sync(&name).map_err(write_error(&name))?;
        }
        // The first one last: without it there is no log.
        for first in self.segments.iter().rev() {
            let name = segment::name(*first);
            self.disk.rename(&unfinished(*first), &name).map_err(write_error(&name))?;
        }
        self.disk.sync_names().map_err(write_error("the directory"))?;
        Ok(Imported { log, head: Head { size, root: self.position.root(), link }, gone: self.gone })
    }

    /// Leaves nothing behind, as far as the disk lets us.
    pub(super) fn remove_all(&mut self) {
        for name in self.disk.names().unwrap_or_default() {
            if is_ours(&name) {
                // There is an error to tell already.
                let _ = self.disk.remove(&name);
            }
        }
    }

    /// What the log itself says must be what the first line says.
    fn check_head(&mut self) -> Result<(), Problem> {
        let (Some(genesis), Some(said)) = (&self.position.genesis, self.said.take()) else {
            return Err("the log does not say what it is".into());
        };
        let vkey = published::log_key(genesis)?.to_string();
        if (genesis.log_id(), &genesis.origin, &vkey) != (self.log, &said.origin, &said.vkey) {
            return Err("it begins another log than the first line names".into());
        }
        if let Some(epochs) = said.epochs {
            let root = EpochKeys::from_bytes(&epochs).map(|keys| keys.root());
            if root != Some(genesis.epoch_keys) {
                return Err("the epochs in the first line are not those that it has settled".into());
            }
            self.disk.replace(EPOCHS, &epochs).map_err(write_error(EPOCHS))?;
        }
        Ok(())
    }

    fn take(&mut self, record: Record<'_>) -> Result<(), Problem> {
        if self.segments.is_empty() {
            return Err("no segment has begun".into());
        }
        let link = match record {
            Record::Event(bytes, _) => Hash::link(self.position.link, bytes),
            Record::Tombstone { link, .. } => link,
            Record::Commit(_) | Record::Runs(_) => self.position.link,
        };
        let nodes = &mut self.nodes;
        recover::take(&mut self.position, (record, link), |node| nodes.extend_from_slice(&node.0))
            .map_err(Problem::Bad)
    }

    fn flush_much(&mut self) -> Result<(), Problem> {
        match self.records.len() + self.nodes.len() >= WRITE_BYTES {
            true => Ok(self.flush()?),
            false => Ok(()),
        }
    }

    fn flush(&mut self) -> Result<(), LogError> {
        if let Some(first) = self.segments.last()
            && !self.records.is_empty()
        {
            let name = unfinished(*first);
            self.disk.append(&name, &self.records).map_err(write_error(&name))?;
            self.records.clear();
        }
        if !self.nodes.is_empty() {
            self.disk.append(NODES, &self.nodes).map_err(write_error(NODES))?;
            self.nodes.clear();
        }
        Ok(())
    }
}

/// Whether so many bytes are what one record of so many components has.
fn runs_are_one_record(components: usize, bytes: usize) -> bool {
    /// Kind, length and check.
    const AROUND_BYTES: usize = 1 + 4 + 8;
    bytes == AROUND_BYTES + 40 * components
}

fn unfinished(first: u64) -> String {
    segment::name(first) + UNFINISHED
}

/// Whether a log has files of that name, or an import that was cut short.
fn is_ours(name: &str) -> bool {
    let name = name.strip_suffix(UNFINISHED).unwrap_or(name);
    segment::first_of(name).is_some() || [NODES, EPOCHS, CHECKPOINT, STATE, KEY].contains(&name)
}

fn write_error(name: &str) -> impl FnOnce(io::Error) -> LogError {
    let segment = name.to_owned();
    move |source| LogError::Write { segment, source }
}
