//! Segments: the files that events are appended to.
//!
//! ```text
//! header  "invar-ledger-segment/1\n" ‖ log ‖ index of its first event (8) ‖ link of the event before ‖ check (8)
//! record  kind (1) ‖ length (4) ‖ content ‖ check (8)
//! ```
//!
//! Numbers are little-endian. The check of an event is the beginning of its link, so that no record that was once written
//! elsewhere can pass for the next one: a reader stops at the first that does not fit, and never looks for another one
//! behind it, where a skill could have put bytes that look like records.

use std::{collections::BTreeMap, io};

use minicbor::{Decode, Encode, bytes::ByteArray};
use thiserror::Error;

use crate::{EVENT_BYTES_MAX, EVENTS_MAX, Hash, cbor::append, disk::Disk};

const MAGIC: &[u8; 23] = b"invar-ledger-segment/1\n";

/// Bytes of a header.
pub const HEADER_BYTES: usize = MAGIC.len() + 32 + 8 + 32 + CHECK_BYTES;

const CHECK_BYTES: usize = 8;
/// Bytes of a record before its content.
pub(crate) const FRAME_BYTES: usize = 1 + 4;
/// Bytes of an Ed25519 signature.
pub const SIGNATURE_BYTES: usize = 64;
/// Bytes of content at most.
const CONTENT_BYTES_MAX: usize = EVENT_BYTES_MAX + SIGNATURE_BYTES;
/// Bytes that are read at once.
const READ_BYTES: usize = 1 << 20;

/// Before what is hashed for the check of a record that is no event.
const CHECK: u8 = 0x03;

const EVENT: u8 = 1;
const SIGNED_EVENT: u8 = 2;
const COMMIT: u8 = 3;
const GONE: u8 = 4;
const RUNS: u8 = 5;

/// Bytes of a signature after a batch at most.
const COMMIT_BYTES_MAX: usize = 128;

/// Components in a record of runs at most, so that it is no larger than an event.
const RUNS_OF_A_RECORD_MAX: usize = CONTENT_BYTES_MAX / 40;

/// What is signed after a batch: it stands for all events before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Commit {
    /// Events.
    #[n(0)]
    pub size: u64,
    /// Root of the tree over them.
    #[n(1)]
    pub root: Hash,
    /// By the key of the epoch that is on, over the text of a checkpoint.
    #[n(2)]
    pub signature: ByteArray<SIGNATURE_BYTES>,
}

/// Where the last signature of a log is.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(crate) struct End {
    /// Its segment.
    #[n(0)]
    pub(crate) segment: String,
    /// Bytes of that, up to and with it.
    #[n(1)]
    pub(crate) bytes: u64,
    /// What it says.
    #[n(2)]
    pub(crate) commit: Commit,
}

/// What a segment begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// The log.
    pub log: Hash,
    /// Index of its first event.
    pub first: u64,
    /// Link of the event before that.
    pub previous: Hash,
}

impl Header {
    /// As it is written.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&self.log.0);
        bytes.extend_from_slice(&self.first.to_le_bytes());
        bytes.extend_from_slice(&self.previous.0);
        let check = Hash::of_parts(&[&[CHECK], &bytes]);
        bytes.extend_from_slice(&check.0[..CHECK_BYTES]);
        bytes
    }

    /// From the beginning of a segment; none if it is no header.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.get(..HEADER_BYTES)?;
        let (_, rest) = bytes.split_at_checked(MAGIC.len())?;
        let (log, rest) = rest.split_first_chunk::<32>()?;
        let (first, rest) = rest.split_first_chunk::<8>()?;
        let (previous, _) = rest.split_first_chunk::<32>()?;
        let header = Self { log: Hash(*log), first: u64::from_le_bytes(*first), previous: Hash(*previous) };
        (header.to_bytes() == bytes).then_some(header)
    }
}

/// The name of the segment that begins with that event.
#[must_use]
pub fn name(first: u64) -> String {
    format!("{first:020}.segment")
}

/// The index of the event that a segment of that name begins with.
#[must_use]
pub fn first_of(name: &str) -> Option<u64> {
    let digits = name.strip_suffix(".segment")?;
    (digits.len() == 20).then(|| digits.parse().ok()).flatten()
}

/// The segments that are there, by their first events, in order.
///
/// # Errors
/// Of the file system.
pub fn all<D: Disk>(disk: &D) -> io::Result<Vec<u64>> {
    // Names have a fixed width: their order is that of the numbers.
    Ok(disk.names()?.iter().filter_map(|name| first_of(name)).collect())
}

/// Appends an event that has that link.
pub fn write_event(buffer: &mut Vec<u8>, event: &[u8], link: Hash) {
    frame(buffer, EVENT, event.len());
    buffer.extend_from_slice(event);
    buffer.extend_from_slice(&link.0[..CHECK_BYTES]);
}

/// Appends an event that has that link, and its own signature.
pub fn write_signed_event(buffer: &mut Vec<u8>, event: &[u8], link: Hash, signature: &[u8; SIGNATURE_BYTES]) {
    frame(buffer, SIGNED_EVENT, event.len() + SIGNATURE_BYTES);
    buffer.extend_from_slice(event);
    buffer.extend_from_slice(signature);
    buffer.extend_from_slice(&check(link, signature));
}

/// Puts the signature of an event that was written with another one, and ends at that offset.
pub(crate) fn put_signature(buffer: &mut [u8], end: usize, link: Hash, signature: &[u8; SIGNATURE_BYTES]) {
    let (place, rest) = buffer[end..].split_at_mut(SIGNATURE_BYTES);
    place.copy_from_slice(signature);
    rest[..CHECK_BYTES].copy_from_slice(&check(link, signature));
}

/// Appends what is signed after the event that has that link.
pub fn write_commit(buffer: &mut Vec<u8>, commit: &Commit, link: Hash) {
    let mut content = Vec::with_capacity(128);
    append(commit, &mut content);
    frame(buffer, COMMIT, content.len());
    buffer.extend_from_slice(&content);
    buffer.extend_from_slice(&check(link, &content));
}

/// Appends what is left of an event that was pruned.
pub fn write_tombstone(buffer: &mut Vec<u8>, leaf: Hash, link: Hash) {
    frame(buffer, GONE, 64);
    buffer.extend_from_slice(&leaf.0);
    buffer.extend_from_slice(&link.0);
    buffer.extend_from_slice(&check(link, &leaf.0));
}

/// Appends how often each component ran: what a segment whose runs were pruned ends with.
pub fn write_runs(buffer: &mut Vec<u8>, runs: &BTreeMap<Hash, u64>, link: Hash) {
    let entries: Vec<(&Hash, &u64)> = runs.iter().collect();
    for some in entries.chunks(RUNS_OF_A_RECORD_MAX) {
        let content: Vec<u8> = some
            .iter()
            .flat_map(|(component, count)| [component.0.as_slice(), &count.to_le_bytes()].concat())
            .collect();
        frame(buffer, RUNS, content.len());
        buffer.extend_from_slice(&content);
        buffer.extend_from_slice(&check(link, &content));
    }
}

fn frame(buffer: &mut Vec<u8>, kind: u8, len: usize) {
    buffer.push(kind);
    #[expect(clippy::cast_possible_truncation, reason = "contents are bounded")]
    buffer.extend_from_slice(&(len as u32).to_le_bytes());
}

fn check(link: Hash, content: &[u8]) -> [u8; CHECK_BYTES] {
    let hash = Hash::of_parts(&[&[CHECK], &link.0, content]);
    let mut check = [0; CHECK_BYTES];
    check.copy_from_slice(&hash.0[..CHECK_BYTES]);
    check
}

/// One record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Record<'a> {
    /// An event, and its own signature if it has one.
    Event(&'a [u8], Option<&'a [u8; SIGNATURE_BYTES]>),
    /// What is signed after a batch.
    Commit(Commit),
    /// An event that was pruned.
    Tombstone {
        /// Its leaf.
        leaf: Hash,
        /// Its link.
        link: Hash,
    },
    /// How often components ran until here.
    Runs(&'a [[u8; 40]]),
}

/// What looks like a signature after a batch, at any place in these bytes, with something behind it. None of it is believed:
/// neither does it follow from what is before it, nor is it verified.
pub(crate) fn commits_followed(bytes: &[u8]) -> impl Iterator<Item = Commit> {
    (0..bytes.len()).filter(|at| bytes[*at] == COMMIT).filter_map(|at| {
        let (frame, rest) = bytes[at..].split_at_checked(FRAME_BYTES)?;
        let len = u32::from_le_bytes([frame[1], frame[2], frame[3], frame[4]]) as usize;
        if len > COMMIT_BYTES_MAX || rest.len() <= len + CHECK_BYTES {
            return None;
        }
        minicbor::decode(&rest[..len]).ok()
    })
}

/// The component of an entry of [`Record::Runs`], and how often it ran.
#[must_use]
pub fn run_count(entry: &[u8; 40]) -> (Hash, u64) {
    let (mut component, mut count) = ([0; 32], [0; 8]);
    component.copy_from_slice(&entry[..32]);
    count.copy_from_slice(&entry[32..]);
    (Hash(component), u64::from_le_bytes(count))
}

/// Why a reader went no further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Broken {
    /// The file ends within a record.
    #[error("the file ends within a record")]
    Torn,
    /// What is there is no record that fits.
    #[error("what is there is no record that follows the one before it")]
    Unfit,
}

/// Reads the records of a segment one after the other.
pub struct Records<'a, D> {
    disk: &'a D,
    name: String,
    /// Where the next record is.
    offset: u64,
    /// Link of the last event.
    link: Hash,
    buffer: Vec<u8>,
    /// Where the next record is in the buffer.
    at: usize,
}

impl<'a, D: Disk> Records<'a, D> {
    /// From `offset` on, behind the event that has that link.
    pub fn new(disk: &'a D, name: String, offset: u64, link: Hash) -> Self {
        Self { disk, name, offset, link, buffer: Vec::new(), at: 0 }
    }

    /// Where the next record is.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Link of the last event that was read.
    #[must_use]
    pub fn link(&self) -> Hash {
        self.link
    }

    /// The next record; none at the end of the file.
    ///
    /// # Errors
    /// Of the file system. What is there is no record: within, why.
    pub fn read(&mut self) -> io::Result<Result<Option<Record<'_>>, Broken>> {
        Ok(self.read_linked()?.map(|read| read.map(|(record, _)| record)))
    }

    /// The next record, and the link of the last event with it; none at the end of the file.
    ///
    /// # Errors
    /// Of the file system. What is there is no record: within, why.
    pub fn read_linked(&mut self) -> io::Result<Result<Option<(Record<'_>, Hash)>, Broken>> {
        if !self.fill(FRAME_BYTES)? {
            let is_end = self.buffer.len() == self.at;
            return Ok(if is_end { Ok(None) } else { Err(Broken::Torn) });
        }
        let frame = &self.buffer[self.at..self.at + FRAME_BYTES];
        let kind = frame[0];
        let len = u32::from_le_bytes([frame[1], frame[2], frame[3], frame[4]]) as usize;
        if !(EVENT..=RUNS).contains(&kind) || len > CONTENT_BYTES_MAX {
            return Ok(Err(Broken::Unfit));
        }
        let whole = FRAME_BYTES + len + CHECK_BYTES;
        if !self.fill(whole)? {
            return Ok(Err(Broken::Torn));
        }
        let (content, found) = self.buffer[self.at + FRAME_BYTES..self.at + whole].split_at(len);
        let Some((record, link, expected)) = parse(kind, content, self.link) else {
            return Ok(Err(Broken::Unfit));
        };
        if found != expected {
            return Ok(Err(Broken::Unfit));
        }
        self.link = link;
        self.at += whole;
        self.offset += whole as u64;
        Ok(Ok(Some((record, link))))
    }

    /// Sees to it that so many bytes are in the buffer; false if there are not as many.
    fn fill(&mut self, bytes: usize) -> io::Result<bool> {
        if self.buffer.len() - self.at >= bytes {
            return Ok(true);
        }
        self.buffer.drain(..self.at);
        self.at = 0;
        let have = self.buffer.len();
        self.buffer.resize(have + READ_BYTES.max(bytes), 0);
        let read = self.disk.read_at(&self.name, self.offset + have as u64, &mut self.buffer[have..])?;
        self.buffer.truncate(have + read);
        Ok(self.buffer.len() >= bytes)
    }
}

/// The record, the link after it, and the check it must have.
fn parse(kind: u8, content: &[u8], link: Hash) -> Option<(Record<'_>, Hash, [u8; CHECK_BYTES])> {
    match kind {
        EVENT => {
            let link = Hash::link(link, content);
            let mut expected = [0; CHECK_BYTES];
            expected.copy_from_slice(&link.0[..CHECK_BYTES]);
            Some((Record::Event(content, None), link, expected))
        }
        SIGNED_EVENT => {
            let (event, signature) = content.split_last_chunk::<SIGNATURE_BYTES>()?;
            let link = Hash::link(link, event);
            Some((Record::Event(event, Some(signature)), link, check(link, signature)))
        }
        COMMIT => {
            let commit: Commit = minicbor::decode(content).ok()?;
            Some((Record::Commit(commit), link, check(link, content)))
        }
        RUNS => {
            let (entries, rest) = content.as_chunks::<40>();
            // No skill ran more often than there can be events: what is counted on from here stays a number.
            let is_sound = rest.is_empty() && entries.iter().all(|entry| run_count(entry).1 < EVENTS_MAX);
            is_sound.then(|| (Record::Runs(entries), link, check(link, content)))
        }
        _ => {
            let (leaf, rest) = content.split_first_chunk::<32>()?;
            let link = Hash(rest.try_into().ok()?);
            Some((Record::Tombstone { leaf: Hash(*leaf), link }, link, check(link, leaf)))
        }
    }
}
