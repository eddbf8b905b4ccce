//! Reading events of a log from anywhere, as they are: nothing is verified here.

use crate::{
    Event, Hash,
    disk::Disk,
    error::LogError,
    segment::{self, HEADER_BYTES, Header, Record, Records, SIGNATURE_BYTES},
};

/// What is there in the place of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// The event.
    Event {
        /// What it says.
        event: Box<Event>,
        /// As it is stored.
        bytes: Vec<u8>,
        /// Its own signature, if it has one.
        signature: Option<[u8; SIGNATURE_BYTES]>,
    },
    /// It was pruned.
    Tombstone,
}

/// Hands over what is in the log from an index on, until the callback says no. Where the log is damaged it ends.
///
/// # Errors
/// The files cannot be read, or an event is invalid.
pub fn for_each<D: Disk>(
    disk: &D,
    from: u64,
    mut entry: impl FnMut(u64, Entry, Hash) -> bool,
) -> Result<(), LogError> {
    let segments = segment::all(disk).map_err(LogError::read("the directory"))?;
    let begins = segments.iter().rposition(|first| *first <= from).unwrap_or(0);
    for first in &segments[begins.min(segments.len())..] {
        let name = segment::name(*first);
        let mut header = [0; HEADER_BYTES];
        disk.read_at(&name, 0, &mut header).map_err(LogError::read(&name))?;
        let Some(header) = Header::from_bytes(&header) else { return Ok(()) };
        let mut records = Records::new(disk, name.clone(), HEADER_BYTES as u64, header.previous);
        let mut index = *first;
        loop {
            let offset = records.offset();
            let found = match records.read().map_err(LogError::read(&name))? {
                Ok(Some(Record::Event(bytes, signature))) if index >= from => {
                    let event = Event::from_bytes(bytes).map_err(|error| LogError::Damaged {
                        name: name.clone(),
                        offset,
                        why: format!("event {index} {error}"),
                    })?;
                    let leaf = Hash::leaf(bytes);
                    let bytes = bytes.to_vec();
                    Some((Entry::Event { event: event.into(), bytes, signature: signature.copied() }, leaf))
                }
                Ok(Some(Record::Tombstone { leaf, .. })) => Some((Entry::Tombstone, leaf)),
                Ok(Some(Record::Event(..))) => Some((Entry::Tombstone, Hash::default())),
                Ok(Some(Record::Commit(_) | Record::Runs(_))) => None,
                Ok(None) => break,
                Err(_) => return Ok(()),
            };
            if let Some((found, leaf)) = found {
                if index >= from && !entry(index, found, leaf) {
                    return Ok(());
                }
                index += 1;
            }
        }
    }
    Ok(())
}

/// What is in the place of one event, and its leaf; none if the log has fewer.
///
/// # Errors
/// The files cannot be read, or the event is invalid.
pub fn entry<D: Disk>(disk: &D, index: u64) -> Result<Option<(Entry, Hash)>, LogError> {
    let mut found = None;
    for_each(disk, index, |_, entry, leaf| {
        found = Some((entry, leaf));
        false
    })?;
    Ok(found)
}
