//! Making tiles of a log.

use super::{
    TilesError, WIDTH,
    path::{self, CHECKPOINT},
    tiler::Tiler,
};
use crate::{
    EVENT_BYTES_MAX, LogError, SignedCheckpoint, VerifierKey,
    disk::Disk,
    export::{
        Exported,
        files::Files,
        source::{Item, Source},
    },
    note::NOTE_BYTES_MAX,
    published,
    tree::Edge,
};

/// Writes what was published last of a log as tiles. Memory does not grow with it. The checkpoint comes last: where it is,
/// all else is. Tiles of the same log that are there already are written again; no file goes.
///
/// # Errors
/// Nothing was published; an event was pruned; the log is damaged; another log is there; the files cannot be written.
pub fn write<D: Disk, F: Files>(disk: &D, files: &mut F) -> Result<Exported, TilesError> {
    let published = published::read(disk)?.ok_or(TilesError::NotPublished)?;
    let source = Source::open(disk)?;
    let key = published::log_key(source.genesis())?;
    if !published.signed_by(&key) {
        return Err(LogError::damaged(CHECKPOINT, "it is not signed by the key of this log").into());
    }
    let (size, root) = (published.checkpoint().size(), published.checkpoint().root());
    check_place(files, &key, size)?;
    let mut bundle = Vec::new();
    let (mut edge, mut tiler) = (Edge::default(), Tiler::default());
    source.for_each(0..size, |item| match item {
        Item::Event { event, bytes, leaf, .. } => {
            // It is no longer than two bytes can say.
            debug_assert!(bytes.len() <= EVENT_BYTES_MAX);
            let len = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
            bundle.extend_from_slice(&len.to_be_bytes());
            bundle.extend_from_slice(bytes);
            if (event.index + 1).is_multiple_of(WIDTH as u64) {
                put(files, &path::entries(event.index / WIDTH as u64, WIDTH), &bundle)?;
                bundle.clear();
            }
            edge.append(leaf, |_| {});
            tiler.push(leaf, |tile| put(files, &tile.path(), &tile.bytes()))
        }
        Item::Tombstone { index, .. } => Err(TilesError::Tombstone(index)),
        _ => Ok(()),
    })?;
    if edge.size() < size {
        return Err(LogError::Shorter { found: edge.size(), acknowledged: size, by: "published" }.into());
    }
    if edge.root() != root {
        return Err(LogError::Differs { size }.into());
    }
    let (number, width) = last(size);
    if width > 0 {
        put(files, &path::entries(number, width), &bundle)?;
    }
    tiler.rest(|tile| put(files, &tile.path(), &tile.bytes()))?;
    put(files, CHECKPOINT, published.to_string().as_bytes())?;
    Ok(Exported { events: size, gone: 0 })
}

/// The number of the bundle that is not full, and how many events it has.
fn last(size: u64) -> (u64, usize) {
    const EVENTS: u64 = WIDTH as u64;
    (size / EVENTS, (size % EVENTS) as usize)
}

/// What is there must be of the same log, and of no more events: its tiles would be taken for ours.
fn check_place<F: Files>(files: &F, key: &VerifierKey, size: u64) -> Result<(), TilesError> {
    let there = files.get(CHECKPOINT, NOTE_BYTES_MAX).map_err(TilesError::files(CHECKPOINT))?;
    let Some(there) = there else { return Ok(()) };
    match SignedCheckpoint::parse(&there) {
        Ok(there) if there.signed_by(key) && there.checkpoint().size() <= size => Ok(()),
        _ => Err(TilesError::InUse),
    }
}

fn put<F: Files>(files: &mut F, path: &str, bytes: &[u8]) -> Result<(), TilesError> {
    files.put(path, bytes).map_err(TilesError::files(path))
}
