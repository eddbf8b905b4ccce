//! Verifying tiles, whoever serves them.

use super::{
    TilesError, WIDTH,
    path::{self, CHECKPOINT},
    tiler::{Tile, Tiler},
};
use crate::{
    EVENT_BYTES_MAX, Event, Hash, Head, LogError, Position, SignedCheckpoint, VerifierKey, body::Genesis,
    export::files::Files, note::NOTE_BYTES_MAX, published, verify::VerifiedCosignature,
};

/// Bytes of a bundle at most. Stops one file from filling memory.
const BUNDLE_BYTES_MAX: usize = WIDTH * (2 + EVENT_BYTES_MAX);
/// Bytes of a tile.
const TILE_BYTES: usize = WIDTH * 32;

/// What tiles hold, once they are verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileAudit {
    /// What the log says it is.
    pub genesis: Genesis,
    /// Its name in events.
    pub log: Hash,
    /// Where it stands.
    pub head: Head,
    /// The epoch that is on.
    pub epoch: u32,
    /// Whether whoever wrote last ended in order.
    pub is_closed: bool,
    /// What the log's key signed.
    pub checkpoint: SignedCheckpoint,
    /// Who of the witnesses cosigned it, and when.
    pub cosigned: Vec<VerifiedCosignature>,
}

/// Verifies the tiles of a log: the events follow one another, they come to the root that the log's key signed, and each
/// tile holds their hashes. Memory does not grow with them. Events are handed over on the way, and are to be trusted only
/// once this comes back without an error. The signatures of epochs are no part of tiles.
///
/// # Errors
/// The first thing that is wrong.
pub fn verify<F: Files>(
    files: &F,
    log: Option<&VerifierKey>,
    witnesses: &[VerifierKey],
    event: &mut dyn FnMut(&Event, &[u8]),
) -> Result<TileAudit, TilesError> {
    let note = get(files, CHECKPOINT, NOTE_BYTES_MAX)?.ok_or_else(|| missing(CHECKPOINT))?;
    let checkpoint = SignedCheckpoint::parse(&note)?;
    let size = checkpoint.checkpoint().size();
    let mut position = Position::default();
    let mut tiler = Tiler::default();
    while position.size < size {
        let first = position.size;
        let width = usize::try_from(size - first).map_or(WIDTH, |left| left.min(WIDTH));
        let (path, bundle) = bundle(files, first / WIDTH as u64, width)?;
        let bad = || TilesError::Bundle { path: path.clone(), events: width };
        let mut rest = bundle.as_slice();
        for index in (first..).take(width) {
            let bytes = next(&mut rest).ok_or_else(bad)?;
            let next = take(&mut position, index, bytes)?;
            if index == 0 {
                check_key(&position, &checkpoint, log)?;
            }
            tiler.push(Hash::leaf(bytes), |tile| check_tile(files, tile))?;
            event(&next, bytes);
        }
        // A full bundle that stands for one that is not has more.
        if !rest.is_empty() && path == path::entries(first / WIDTH as u64, width) {
            return Err(bad());
        }
    }
    tiler.rest(|tile| check_tile(files, tile))?;
    let Some(genesis) = position.genesis.clone() else { return Err(LogError::Missing.into()) };
    let root = position.root();
    if root != checkpoint.checkpoint().root() {
        return Err(TilesError::Root);
    }
    let seen = |witness: &VerifierKey| {
        let time_s = checkpoint.cosigned_by(witness)?;
        Some(VerifiedCosignature { witness: witness.clone(), time_s, size })
    };
    let cosigned = witnesses.iter().filter_map(seen).collect();
    let Position { link, log, epoch, is_closed, .. } = position;
    Ok(TileAudit { genesis, log, head: Head { size, root, link }, epoch, is_closed, checkpoint, cosigned })
}

/// The bundle of that width, or the full one in the place of it, and where it was.
fn bundle<F: Files>(files: &F, number: u64, width: usize) -> Result<(String, Vec<u8>), TilesError> {
    let (path, full) = (path::entries(number, width), path::entries(number, WIDTH));
    if let Some(found) = get(files, &path, BUNDLE_BYTES_MAX)? {
        return Ok((path, found));
    }
    let found = if width < WIDTH { get(files, &full, BUNDLE_BYTES_MAX)? } else { None };
    found.map(|found| (full, found)).ok_or_else(|| missing(&path))
}

/// The next entry of a bundle.
fn next<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (len, behind) = rest.split_first_chunk::<2>()?;
    let (entry, behind) = behind.split_at_checked(usize::from(u16::from_be_bytes(*len)))?;
    *rest = behind;
    Some(entry)
}

fn take(position: &mut Position, index: u64, bytes: &[u8]) -> Result<Event, TilesError> {
    let bad = |why: String| TilesError::Event { index, why };
    let event = Event::from_bytes(bytes).map_err(|error| bad(format!("it {error}")))?;
    position.take(&event, bytes, |_| {}).map_err(|fault| bad(fault.to_string()))?;
    Ok(event)
}

/// The checkpoint must be by the key that the genesis names.
fn check_key(
    position: &Position,
    checkpoint: &SignedCheckpoint,
    log: Option<&VerifierKey>,
) -> Result<(), TilesError> {
    let Some(genesis) = &position.genesis else { return Err(LogError::Missing.into()) };
    let key = published::log_key(genesis)?;
    if log.is_some_and(|log| *log != key) {
        return Err(TilesError::OtherLog(key.to_string()));
    }
    match checkpoint.signed_by(&key) && checkpoint.checkpoint().origin() == genesis.origin {
        true => Ok(()),
        false => Err(TilesError::NotSigned),
    }
}

/// The tile must be there as it follows from the events; a full one may stand for one that is not.
fn check_tile<F: Files>(files: &F, tile: Tile<'_>) -> Result<(), TilesError> {
    let (path, full, expected) = (tile.path(), tile.full_path(), tile.bytes());
    let is_right = match get(files, &path, TILE_BYTES)? {
        Some(found) => found == expected,
        None if path == full => return Err(missing(&path)),
        None => {
            let found = get(files, &full, TILE_BYTES)?.ok_or_else(|| missing(&path))?;
            found.len() == TILE_BYTES && found.starts_with(&expected)
        }
    };
    if is_right { Ok(()) } else { Err(TilesError::Tile(path)) }
}

fn get<F: Files>(files: &F, path: &str, bytes_max: usize) -> Result<Option<Vec<u8>>, TilesError> {
    files.get(path, bytes_max).map_err(TilesError::files(path))
}

fn missing(path: &str) -> TilesError {
    TilesError::Missing(path.to_owned())
}
