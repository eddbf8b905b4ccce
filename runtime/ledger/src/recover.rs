//! Opening a log that may have been left at any moment.
//!
//! The last signature decides: what is behind it was never acknowledged, and is set aside. What is before it must be whole;
//! where it is not, nothing is touched.

use std::io;

use zeroize::Zeroizing;

use crate::{
    Body, Checkpoint, Event, Hash, SignedCheckpoint,
    body::Genesis,
    disk::Disk,
    error::LogError,
    keyfile::{self, KEY_FILE_BYTES_MAX},
    keys::Seed,
    names::{CHECKPOINT, EPOCHS, KEY, NODES, STATE},
    nodes::NodeFile,
    position::Position,
    published,
    reader::{self, Entry},
    segment::{self, End, HEADER_BYTES, Header, Record, Records},
    signature,
    state::{self, SegmentFingerprint, State},
    tail::{self, TAIL_BYTES_MAX},
    tree::{self, Edge},
};

/// What was done to open a log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recovery {
    /// Bytes that were set aside behind the last signature; nothing in them was acknowledged.
    pub cut_bytes: u64,
    /// Whole events among them.
    pub cut_events: u64,
    /// The file they are in now.
    pub kept_as: Option<String>,
    /// Whoever wrote last did not end in order.
    pub was_interrupted: bool,
}

/// What was last known of a log, whatever became of it since.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LastKnown {
    /// The name that its checkpoints go by.
    pub origin: Option<String>,
    /// Its name in events; zeros if that cannot be read.
    pub log: Hash,
    /// Events.
    pub size: u64,
    /// Root of the tree over those.
    pub root: Hash,
}

/// What a log came to when it was last in order: as it was sealed when it was last closed, else as it was published, else
/// nothing is known.
#[must_use]
pub fn last_known<D: Disk>(disk: &D, passphrase: Option<&[u8]>) -> LastKnown {
    let key = disk.read(KEY, KEY_FILE_BYTES_MAX).ok().flatten().map(Zeroizing::new);
    let secrets = key.and_then(|key| keyfile::read(&key, passphrase).ok());
    let sealed = secrets.and_then(|(secrets, _)| state::read(disk, &secrets.log));
    if let Some(State { position, .. }) = sealed {
        let origin = position.genesis.as_ref().map(|genesis| genesis.origin.clone());
        return LastKnown { origin, log: position.log, size: position.size, root: position.root() };
    }
    let genesis = match reader::entry(disk, 0) {
        Ok(Some((Entry::Event { event, .. }, _))) => match event.body {
            Body::Genesis(genesis) => Some(genesis),
            _ => None,
        },
        _ => None,
    };
    let published = published::read(disk).ok().flatten();
    let (size, root) = published
        .filter(|signed| genesis.as_ref().is_some_and(|genesis| is_signed(signed, genesis)))
        .map_or((0, Hash::default()), |signed| (signed.checkpoint().size(), signed.checkpoint().root()));
    let log = genesis.as_ref().map_or(Hash::default(), Genesis::log_id);
    LastKnown { origin: genesis.map(|genesis| genesis.origin), log, size, root }
}

fn is_signed(published: &SignedCheckpoint, genesis: &Genesis) -> bool {
    published::log_key(genesis).is_ok_and(|key| published.signed_by(&key))
}

/// Bytes of nodes that are written at once.
const NODES_BYTES: usize = 1 << 20;
/// What is wrong with a log that ends before a summary says how often skills had run.
pub(crate) const UNSETTLED: &str = "events were pruned, or runs counted, and no summary follows that says the same: nothing signed stands for it";

/// Whether something was acknowledged here.
pub(crate) fn has_log<D: Disk>(disk: &D) -> Result<bool, LogError> {
    let names = disk.names().map_err(LogError::read("the directory"))?;
    // None of these is there before the first event is on the disk: without events, somebody took them away.
    let mut was_used = names.iter().any(|name| [STATE, CHECKPOINT].contains(&name.as_str()));
    was_used |= disk.size(NODES).map_err(LogError::read(NODES))?.is_some_and(|bytes| bytes > 0);
    match segments(disk)?.as_slice() {
        [] => Ok(was_used),
        [0] => Ok(was_used || Walk::new(disk, None)?.end.is_some()),
        _ => Ok(true),
    }
}

/// What the creation of a log that was cut short may have left.
pub(crate) fn leftovers<D: Disk>(disk: &D) -> io::Result<Vec<String>> {
    let names = [NODES, STATE, KEY, EPOCHS, "key.new", "epochs.new", "state.new", "nodes.new"];
    let is_ours = |name: &String| segment::first_of(name).is_some() || names.contains(&name.as_str());
    Ok(disk.names()?.into_iter().filter(is_ours).collect())
}

/// Finds the end of the log and sets aside what is behind it. `log` is the seed of the log's key.
pub(crate) fn recover<D: Disk>(
    disk: &mut D,
    log: &Seed,
) -> Result<(Position, End, Recovery, Vec<SegmentFingerprint>), LogError> {
    let state = state::read(disk, log);
    // Before they are read: what is done to them later is not verified.
    let seen = state::seen(disk).map_err(LogError::read("the directory"))?;
    // What was there when it was last closed.
    let acknowledged = state.as_ref().map_or(0, |state| state.position.size);
    let gone_on = match state {
        // Where it does not fit, reading from the start says what is wrong, if anything is.
        Some(state) if is_usable(disk, &state, seen.as_deref())? => go_on(disk, state).unwrap_or(None),
        _ => None,
    };
    // Nodes that did not reach the disk are made again, before anything is said of what they come to.
    let sound = match gone_on {
        Some(found) if published::check(disk, &found.0).is_ok() => Some(found),
        _ => None,
    };
    let shorter = |found| LogError::Shorter { found, acknowledged, by: "there when it was last closed" };
    let (position, walk) = match sound {
        Some(found) => found,
        None => match from_start(disk) {
            Err(LogError::Missing) if acknowledged > 0 => return Err(shorter(0)),
            Err(LogError::Missing) => return Err(missing(disk)),
            found => {
                let found = found?;
                published::check(disk, &found.0)?;
                found
            }
        },
    };
    if position.size < acknowledged {
        return Err(shorter(position.size));
    }
    let Some(end) = walk.end else { return Err(LogError::Missing) };
    check_signature(&position, &end)?;
    check_tail(disk, &position, &end)?;
    let recovery = Recovery {
        cut_bytes: walk.behind_bytes,
        cut_events: walk.behind_events,
        was_interrupted: !position.is_closed,
        kept_as: set_aside(disk, &end, position.size)?,
    };
    Ok((position, end, recovery, seen.unwrap_or_default()))
}

/// There is a log here, and no events.
fn missing<D: Disk>(disk: &D) -> LogError {
    match published::read(disk) {
        Ok(Some(published)) => {
            LogError::Shorter { found: 0, acknowledged: published.checkpoint().size(), by: "published" }
        }
        _ => LogError::damaged(&segment::name(0), "no event is there, and other files of the log are"),
    }
}

/// Whether the files are such that the state can be gone on from: nobody has written to a segment since it was sealed. What
/// was written to is read from its first byte, so that a log that is damaged anywhere is not written to.
fn is_usable<D: Disk>(
    disk: &D,
    state: &State,
    seen: Option<&[SegmentFingerprint]>,
) -> Result<bool, LogError> {
    if seen.is_none_or(|seen| seen != state.segments.as_slice()) {
        return Ok(false);
    }
    let End { segment, bytes, .. } = &state.end;
    let size = disk.size(segment).map_err(LogError::read(segment))?;
    let nodes = disk.size(NODES).map_err(LogError::read(NODES))?.unwrap_or(0);
    Ok(size.is_some_and(|size| size >= *bytes) && nodes >= tree::nodes_of(state.position.size) * 32)
}

fn go_on<D: Disk>(disk: &mut D, state: State) -> Result<Option<(Position, Walk)>, LogError> {
    let walk = Walk::new(disk, Some(&state))?;
    Ok(replay(disk, state.position, Some(&state.end), &walk)?.map(|position| (position, walk)))
}

fn from_start<D: Disk>(disk: &mut D) -> Result<(Position, Walk), LogError> {
    let walk = Walk::new(disk, None)?;
    if walk.end.is_none() {
        return Err(LogError::Missing);
    }
    let position = replay(disk, Position::default(), None, &walk)?
        .ok_or_else(|| LogError::damaged(NODES, "the disk gives back other bytes than were written"))?;
    Ok((position, walk))
}

/// Records only, as far as they fit: where the last signature is.
struct Walk {
    /// The segments that were looked at, by their first events.
    segments: Vec<u64>,
    end: Option<End>,
    behind_bytes: u64,
    behind_events: u64,
}

impl Walk {
    /// From a state on, or from the start.
    fn new<D: Disk>(disk: &D, from: Option<&State>) -> Result<Self, LogError> {
        let mut walk = Self {
            segments: segments(disk)?,
            end: from.map(|state| state.end.clone()),
            behind_bytes: 0,
            behind_events: 0,
        };
        let mut at = from.map(|state| (state.end.bytes, state.position.link, state.position.size));
        let begins = from.and_then(|state| segment::first_of(&state.end.segment)).unwrap_or(0);
        walk.segments.retain(|first| *first >= begins);
        let (mut link, mut size) = (Hash::default(), 0);
        for (index, first) in walk.segments.clone().into_iter().enumerate() {
            let is_last = index + 1 == walk.segments.len();
            let offset = match at.take() {
                Some((offset, own_link, own_size)) => {
                    (link, size) = (own_link, own_size);
                    offset
                }
                None => match read_header(disk, first)? {
                    Some(header) if header.first == first && size == first && header.previous == link => {
                        HEADER_BYTES as u64
                    }
                    // The power went before anything of it was acknowledged.
                    None if is_last => {
                        let name = segment::name(first);
                        walk.behind_bytes += disk.size(&name).map_err(LogError::read(&name))?.unwrap_or(0);
                        break;
                    }
                    _ => {
                        return Err(LogError::Damaged {
                            name: segment::name(first),
                            offset: 0,
                            why: "it does not begin where the segment before it ends".into(),
                        });
                    }
                },
            };
            (link, size) = walk.segment(disk, first, (offset, link, size), is_last)?;
        }
        Ok(walk)
    }

    /// One segment; the link and size at its end.
    fn segment<D: Disk>(
        &mut self,
        disk: &D,
        first: u64,
        (offset, link, mut size): (u64, Hash, u64),
        is_last: bool,
    ) -> Result<(Hash, u64), LogError> {
        let name = segment::name(first);
        let mut records = Records::new(disk, name.clone(), offset, link);
        loop {
            let at = records.offset();
            match records.read().map_err(LogError::read(&name))? {
                Ok(Some(Record::Event(..) | Record::Tombstone { .. })) => {
                    size += 1;
                    self.behind_events += 1;
                }
                Ok(Some(Record::Runs(_))) => {}
                Ok(Some(Record::Commit(commit))) => {
                    if commit.size != size {
                        return Err(LogError::Damaged {
                            name,
                            offset: at,
                            why: format!("{} events are signed for, and {size} are there", commit.size),
                        });
                    }
                    self.behind_events = 0;
                    self.end = Some(End { segment: name.clone(), bytes: records.offset(), commit });
                }
                Ok(None) => break,
                Err(_) if is_last => break,
                Err(broken) => {
                    let why = format!("{broken}, and more segments follow");
                    return Err(LogError::Damaged { name, offset: at, why });
                }
            }
        }
        if is_last {
            let whole = disk.size(&name).map_err(LogError::read(&name))?.unwrap_or(0);
            let signed = self.end.as_ref().filter(|end| end.segment == name).map_or(0, |end| end.bytes);
            self.behind_bytes = whole - signed.min(whole);
            if self.behind_bytes > TAIL_BYTES_MAX {
                let why = format!(
                    "{} bytes behind the last signature are more than a write that was cut short leaves: events that \
                     were acknowledged are damaged",
                    self.behind_bytes
                );
                return Err(LogError::Damaged { name, offset: records.offset(), why });
            }
        }
        Ok((records.link(), size))
    }
}

/// Everything up to the last signature, event by event; the nodes of the tree are made on the way. None if those that
/// were there already are not what they should be.
fn replay<D: Disk>(
    disk: &mut D,
    mut position: Position,
    from: Option<&End>,
    walk: &Walk,
) -> Result<Option<Position>, LogError> {
    let Some(end) = &walk.end else { return Ok(Some(position)) };
    let write = |source| LogError::Write { segment: NODES.into(), source };
    let known = tree::nodes_of(position.size) * 32;
    if disk.size(NODES).map_err(LogError::read(NODES))? != Some(known) {
        match known {
            0 => disk.create(NODES, &[]).map_err(write)?,
            some => disk.truncate(NODES, some).map_err(write)?,
        }
    }
    let mut nodes = Vec::new();
    for first in &walk.segments {
        let name = segment::name(*first);
        let offset = from.filter(|end| end.segment == name).map_or(HEADER_BYTES as u64, |end| end.bytes);
        let limit = (end.segment == name).then_some(end.bytes);
        let mut records = Records::new(disk, name.clone(), offset, position.link);
        let mut added = Vec::new();
        while limit.is_none_or(|limit| records.offset() < limit) {
            let offset = records.offset();
            let damaged = |why: String| LogError::Damaged { name: name.clone(), offset, why };
            let record = match records.read_linked().map_err(LogError::read(&name))? {
                Ok(Some(record)) => record,
                Ok(None) => break,
                Err(broken) => return Err(damaged(broken.to_string())),
            };
            take(&mut position, record, |node| added.extend_from_slice(&node.0)).map_err(damaged)?;
        }
        nodes.append(&mut added);
        if nodes.len() >= NODES_BYTES {
            disk.append(NODES, &nodes).map_err(write)?;
            nodes.clear();
        }
        if limit.is_some() {
            break;
        }
    }
    if !nodes.is_empty() {
        disk.append(NODES, &nodes).map_err(write)?;
    }
    let edge = Edge::of(&NodeFile::new(disk), position.size).map_err(LogError::read(NODES))?;
    Ok((edge == position.edge).then_some(position))
}

/// Takes a record that was read with that link; an error says why it does not fit.
pub(crate) fn take(
    position: &mut Position,
    (record, link): (Record<'_>, Hash),
    node: impl FnMut(Hash),
) -> Result<(), String> {
    let index = position.size;
    match record {
        Record::Event(bytes, _) => {
            let event = Event::from_bytes(bytes).map_err(|error| format!("event {index} {error}"))?;
            position
                .take_hashed(&event, Hash::leaf(bytes), link, node)
                .map_err(|fault| format!("event {index} does not fit: {fault}"))
        }
        Record::Tombstone { leaf, link } => {
            position.take_gone(leaf, link, node);
            Ok(())
        }
        Record::Runs(entries) => {
            position.take_runs(entries.iter().map(segment::run_count));
            Ok(())
        }
        Record::Commit(commit) => match (commit.size, commit.root) == (position.size, position.root()) {
            true => Ok(()),
            false => Err(format!("what is signed after {index} events is not what they come to")),
        },
    }
}

fn check_signature(position: &Position, end: &End) -> Result<(), LogError> {
    let damaged =
        |why: &str| LogError::Damaged { name: end.segment.clone(), offset: end.bytes, why: why.to_owned() };
    let (Some(genesis), Some(key)) = (&position.genesis, &position.key) else {
        return Err(damaged("the log does not say what it is"));
    };
    if position.is_unsettled {
        return Err(damaged(UNSETTLED));
    }
    if (end.commit.size, end.commit.root) != (position.size, position.root()) {
        return Err(damaged("what is signed last is not what the events come to"));
    }
    let checkpoint =
        Checkpoint::new(&genesis.origin, position.size, position.root()).map_err(LogError::Origin)?;
    match signature::verifies(key, checkpoint.text().as_bytes(), &end.commit.signature) {
        true => Ok(()),
        false => Err(damaged("the last signature is not by the key of its epoch")),
    }
}

/// Nothing behind the last signature may have been acknowledged.
fn check_tail<D: Disk>(disk: &D, position: &Position, end: &End) -> Result<(), LogError> {
    let last = segments(disk)?.last().map(|first| segment::name(*first)).filter(|last| *last != end.segment);
    for (name, from) in [(end.segment.clone(), end.bytes)].into_iter().chain(last.map(|last| (last, 0))) {
        let to = disk.size(&name).map_err(LogError::read(&name))?.unwrap_or(0);
        if let Some(size) = tail::acknowledged(disk, position, (&name, from, to))? {
            return Err(LogError::Damaged { name, offset: from, why: behind(position.size, size) });
        }
    }
    Ok(())
}

/// That events are damaged, and a signature for more of them is whole.
pub(crate) fn behind(good: u64, acknowledged: u64) -> String {
    format!("event {good} or one after it was changed: {acknowledged} events were signed and acknowledged")
}

/// Moves what is behind the last signature to another file.
fn set_aside<D: Disk>(disk: &mut D, end: &End, size: u64) -> Result<Option<String>, LogError> {
    let kept_as = format!("cut-behind-{size}");
    let mut kept = None;
    let last = segments(disk)?.last().map(|first| segment::name(*first));
    for name in [Some(end.segment.clone()), last.filter(|last| *last != end.segment)].into_iter().flatten() {
        let from = if name == end.segment { end.bytes } else { 0 };
        let whole = disk.size(&name).map_err(LogError::read(&name))?.unwrap_or(0);
        if whole > from {
            #[expect(clippy::cast_possible_truncation, reason = "what is behind a signature is bounded")]
            let mut bytes = vec![0; (whole - from) as usize];
            disk.read_at(&name, from, &mut bytes).map_err(LogError::read(&name))?;
            let write = |source| LogError::Write { segment: name.clone(), source };
            disk.append(&kept_as, &bytes).and_then(|()| disk.sync(&kept_as)).map_err(write)?;
            kept = Some(kept_as.clone());
        }
        let write = |source| LogError::Write { segment: name.clone(), source };
        if from == 0 {
            disk.remove(&name).and_then(|()| disk.sync_names()).map_err(write)?;
        } else if whole > from {
            disk.truncate(&name, from).and_then(|()| disk.sync(&name)).map_err(write)?;
        }
    }
    Ok(kept)
}

fn segments<D: Disk>(disk: &D) -> Result<Vec<u64>, LogError> {
    segment::all(disk).map_err(LogError::read("the directory"))
}

fn read_header<D: Disk>(disk: &D, first: u64) -> Result<Option<Header>, LogError> {
    let name = segment::name(first);
    let mut bytes = [0; HEADER_BYTES];
    disk.read_at(&name, 0, &mut bytes).map_err(LogError::read(&name))?;
    Ok(Header::from_bytes(&bytes))
}
