//! Where a log stands, kept so that opening it need not read all of it.
//!
//! Nothing is believed for being here: a state that is not sealed with the log's secret, or does not fit the log, is as good
//! as none. Without the seal whoever can write the file could have the log go on with counts, times and links of theirs.

use std::io;

use hkdf::Hkdf;
use minicbor::{Decode, Encode};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{
    cbor::append,
    disk::Disk,
    keys::Seed,
    names::STATE,
    note::SEED_BYTES,
    position::{EVENTS_MAX, Position},
    segment::{self, End},
};

/// Bytes of its file at most: of a log with a million components.
const STATE_BYTES_MAX: u64 = 64 << 20;

/// Where to go on.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(crate) struct State {
    #[n(0)]
    pub(crate) position: Position,
    /// The last signature.
    #[n(1)]
    pub(crate) end: End,
    /// What the segments looked like from outside when all of it was verified, or written: one that was written to since
    /// looks otherwise.
    #[cbor(n(2), default)]
    pub(crate) segments: Vec<SegmentFingerprint>,
}

/// A segment, and what it looked like.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(crate) struct SegmentFingerprint {
    /// Index of its first event.
    #[n(0)]
    first: u64,
    /// See [`Disk::fingerprint`].
    #[cbor(n(1), with = "minicbor::bytes")]
    looks: Vec<u8>,
}

/// What the segments look like; none if that cannot be told.
pub(crate) fn seen<D: Disk>(disk: &D) -> io::Result<Option<Vec<SegmentFingerprint>>> {
    let mut all = Vec::new();
    for first in segment::all(disk)? {
        match disk.fingerprint(&segment::name(first))? {
            Some(looks) => all.push(SegmentFingerprint { first, looks }),
            None => return Ok(None),
        }
    }
    Ok(Some(all))
}

/// What to keep of what segments look like now: of those that we do not write to, what they looked like when they were
/// verified, so that whatever somebody does to them meanwhile is not taken for ours.
pub(crate) fn verified(
    now: Vec<SegmentFingerprint>,
    then: &[SegmentFingerprint],
    writes_from: u64,
) -> Vec<SegmentFingerprint> {
    let old = |first: u64| then.iter().find(|segment| segment.first == first).cloned();
    let kept =
        |now: SegmentFingerprint| if now.first < writes_from { old(now.first).unwrap_or(now) } else { now };
    now.into_iter().map(kept).collect()
}

/// Puts it in the place of the one before. `log` is the seed of the log's key.
pub(crate) fn keep<D: Disk>(disk: &mut D, log: &Seed, state: &State) -> io::Result<()> {
    const NEW: &str = "state.new";
    let mut content = Vec::new();
    append(state, &mut content);
    let seal = seal(log, &content);
    content.extend_from_slice(&seal);
    disk.create(NEW, &content)?;
    disk.rename(NEW, STATE)
}

/// What only the owner of the log's seed can make: HMAC-SHA-256, which is the first half of HKDF (RFC 5869, 2.2), under a key
/// derived from it.
fn seal(log: &Seed, content: &[u8]) -> [u8; 32] {
    let mut key = Zeroizing::new([0; SEED_BYTES]);
    let extracted = Hkdf::<Sha256>::new(Some(b"invar/state/v1"), log.as_slice());
    // It fails for more than 8,160 bytes only.
    let expanded = extracted.expand(b"invar/state/seal/v1", key.as_mut_slice());
    debug_assert!(expanded.is_ok());
    Hkdf::<Sha256>::extract(Some(key.as_slice()), content).0.into()
}

/// The events that the one that is there says were acknowledged, whoever made it.
pub(crate) fn told<D: Disk>(disk: &D) -> Option<u64> {
    let bytes = disk.read(STATE, STATE_BYTES_MAX).ok()??;
    let (content, _) = bytes.split_last_chunk::<32>()?;
    let state: State = minicbor::decode(content).ok()?;
    Some(state.position.size)
}

/// The one that is there, if it is whole and ours.
pub(crate) fn read<D: Disk>(disk: &D, log: &Seed) -> Option<State> {
    let bytes = disk.read(STATE, STATE_BYTES_MAX).ok()??;
    let (content, found) = bytes.split_last_chunk::<32>()?;
    if seal(log, content) != *found {
        return None;
    }
    let state: State = minicbor::decode(content).ok()?;
    let position = &state.position;
    let is_sound = position.size <= EVENTS_MAX
        && position.edge.is_sound()
        && position.edge.size() == position.size
        && state.end.commit.size == position.size
        && position.genesis.as_ref().is_some_and(|genesis| genesis.log_id() == position.log);
    is_sound.then_some(state)
}
