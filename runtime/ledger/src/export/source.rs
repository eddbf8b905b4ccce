//! What every export is made of: the records of a log up to its last signature, in order.

use std::ops::Range;

use crate::{
    Body, Event, Hash, LogError,
    body::Genesis,
    disk::Disk,
    reader::{self, Entry},
    segment::{self, Commit, HEADER_BYTES, Header, Record, Records, SIGNATURE_BYTES},
    tail::TAIL_BYTES_MAX,
};

/// One thing that is there.
pub(super) enum Item<'a> {
    /// A segment begins.
    Segment(Header),
    /// An event.
    Event {
        /// What it says.
        event: &'a Event,
        /// As it is stored.
        bytes: &'a [u8],
        /// Its own signature, if it has one.
        signature: Option<&'a [u8; SIGNATURE_BYTES]>,
        /// Its leaf.
        leaf: Hash,
    },
    /// What is left of an event that was pruned.
    Tombstone {
        /// Its index.
        index: u64,
        /// Its leaf.
        leaf: Hash,
        /// Its link.
        link: Hash,
    },
    /// What is signed after a batch.
    Commit(Commit),
    /// How often components ran until here.
    Runs(&'a [[u8; 40]]),
}

/// A log that is read to be exported.
pub(super) struct Source<'a, D> {
    disk: &'a D,
    /// First events of the segments, up to the one with the last signature.
    segments: Vec<u64>,
    /// Bytes of that, up to and with the signature.
    end: u64,
    genesis: Genesis,
    log: Hash,
}

impl<'a, D: Disk> Source<'a, D> {
    /// Looks where the log begins, and where what is signed of it ends. What is added later is no part of it.
    ///
    /// # Errors
    /// There is no log; it cannot be read; its end is damaged.
    pub(super) fn open(disk: &'a D) -> Result<Self, LogError> {
        let mut segments = segment::all(disk).map_err(LogError::read("the directory"))?;
        if segments.first() != Some(&0) {
            return Err(LogError::Missing);
        }
        let genesis = match reader::entry(disk, 0)? {
            Some((Entry::Event { event, .. }, _)) => match event.body {
                Body::Genesis(genesis) => genesis,
                _ => return Err(LogError::damaged(&segment::name(0), "it does not begin with a genesis")),
            },
            _ => return Err(LogError::damaged(&segment::name(0), "it does not begin with an event")),
        };
        let (place, end) = end(disk, &segments)?;
        segments.truncate(place + 1);
        Ok(Self { disk, segments, end, log: genesis.log_id(), genesis })
    }

    /// What the log is.
    pub(super) fn genesis(&self) -> &Genesis {
        &self.genesis
    }

    /// Hands over what there is of these events, and what stands between them.
    ///
    /// # Errors
    /// Of the callback; the log cannot be read, or does not hang together.
    pub(super) fn for_each<E: From<LogError>>(
        &self,
        events: Range<u64>,
        mut item: impl FnMut(Item<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let begins = self.segments.iter().rposition(|first| *first <= events.start).unwrap_or(0);
        let mut before = None;
        for (place, first) in self.segments.iter().enumerate().skip(begins) {
            let limit = (place + 1 == self.segments.len()).then_some(self.end);
            if *first >= events.end {
                break;
            }
            let header = self.header(*first, before)?;
            if *first >= events.start {
                item(Item::Segment(header))?;
            }
            before = Some(self.segment(header, limit, &events, &mut item)?);
        }
        Ok(())
    }

    fn header(&self, first: u64, before: Option<(u64, Hash)>) -> Result<Header, LogError> {
        let name = segment::name(first);
        read_header(self.disk, first)?
            .filter(|header| header.first == first && header.log == self.log)
            .filter(|header| before.is_none_or(|before| before == (header.first, header.previous)))
            .ok_or_else(|| LogError::damaged(&name, "it does not begin where the segment before it ends"))
    }

    /// One segment; the index and link that the next one begins with.
    fn segment<E: From<LogError>>(
        &self,
        header: Header,
        limit: Option<u64>,
        events: &Range<u64>,
        item: &mut impl FnMut(Item<'_>) -> Result<(), E>,
    ) -> Result<(u64, Hash), E> {
        let name = segment::name(header.first);
        let mut records = Records::new(self.disk, name.clone(), HEADER_BYTES as u64, header.previous);
        let mut index = header.first;
        while index < events.end && limit.is_none_or(|limit| records.offset() < limit) {
            let offset = records.offset();
            let damaged = |why: String| LogError::Damaged { name: name.clone(), offset, why };
            let record = match records.read().map_err(LogError::read(&name))? {
                Ok(Some(record)) => record,
                Ok(None) => break,
                Err(broken) => return Err(damaged(broken.to_string()).into()),
            };
            let is_asked = index >= events.start;
            match record {
                Record::Event(bytes, signature) => {
                    if is_asked {
                        let event = Event::from_bytes(bytes)
                            .map_err(|error| damaged(format!("event {index} {error}")))?;
                        if (event.index, event.log) != (index, self.log) {
                            return Err(damaged(format!("event {index} is another one")).into());
                        }
                        item(Item::Event { event: &event, bytes, signature, leaf: Hash::leaf(bytes) })?;
                    }
                    index += 1;
                }
                Record::Tombstone { leaf, link } => {
                    if is_asked {
                        item(Item::Tombstone { index, leaf, link })?;
                    }
                    index += 1;
                }
                Record::Commit(commit) if is_asked => item(Item::Commit(commit))?,
                Record::Runs(entries) if is_asked => item(Item::Runs(entries))?,
                Record::Commit(_) | Record::Runs(_) => {}
            }
        }
        Ok((index, records.link()))
    }
}

/// The place of the segment with the last signature, and its bytes up to and with that. No more is read than is behind the
/// signature, and the segment it is in.
fn end<D: Disk>(disk: &D, segments: &[u64]) -> Result<(usize, u64), LogError> {
    for (place, first) in segments.iter().enumerate().rev() {
        let is_last = place + 1 == segments.len();
        let name = segment::name(*first);
        let whole = disk.size(&name).map_err(LogError::read(&name))?.unwrap_or(0);
        let signed = match read_header(disk, *first)? {
            Some(header) => signed_bytes(disk, &name, header)?,
            None => 0,
        };
        // Only a write that was cut short leaves something behind the last signature.
        let behind_bytes = whole.saturating_sub(signed);
        let behind_bytes_max = if is_last { TAIL_BYTES_MAX } else { 0 };
        if behind_bytes > behind_bytes_max {
            let why = "what is behind its last signature is no record that follows".into();
            return Err(LogError::Damaged { name, offset: signed, why });
        }
        if signed > 0 {
            return Ok((place, signed));
        }
    }
    Err(LogError::Missing)
}

/// Bytes of a segment up to and with its last signature; 0 if it has none.
fn signed_bytes<D: Disk>(disk: &D, name: &str, header: Header) -> Result<u64, LogError> {
    let mut records = Records::new(disk, name.to_owned(), HEADER_BYTES as u64, header.previous);
    let mut signed = 0;
    while let Ok(Some(record)) = records.read().map_err(LogError::read(name))? {
        if matches!(record, Record::Commit(_)) {
            signed = records.offset();
        }
    }
    Ok(signed)
}

fn read_header<D: Disk>(disk: &D, first: u64) -> Result<Option<Header>, LogError> {
    let name = segment::name(first);
    let mut bytes = [0; HEADER_BYTES];
    disk.read_at(&name, 0, &mut bytes).map_err(LogError::read(&name))?;
    Ok(Header::from_bytes(&bytes))
}
