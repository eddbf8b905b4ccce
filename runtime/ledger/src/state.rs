//! Where a log stands, kept so that opening it need not read all of it.
//!
//! Nothing is believed for being here: a state that does not fit the log is as good as none.

use std::io;

use minicbor::{Decode, Encode};

use crate::{Hash, disk::Disk, event::append, position::Position, recover::End};

/// Its file.
pub(crate) const STATE: &str = "state";
/// Bytes of it at most: of a log with a million components.
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
}

/// Puts it in the place of the one before.
pub(crate) fn keep<D: Disk>(disk: &mut D, position: &Position, end: &End) -> io::Result<()> {
    const NEW: &str = "state.new";
    let mut content = Vec::new();
    append(&State { position: position.clone(), end: end.clone() }, &mut content);
    let check = Hash::of(&content);
    content.extend_from_slice(&check.0);
    disk.create(NEW, &content)?;
    disk.rename(NEW, STATE)
}

/// The one that is there, if it is whole.
pub(crate) fn read<D: Disk>(disk: &D) -> Option<State> {
    let bytes = disk.read(STATE, STATE_BYTES_MAX).ok()??;
    let (content, check) = bytes.split_last_chunk::<32>()?;
    if Hash::of(content).0 != *check {
        return None;
    }
    let state: State = minicbor::decode(content).ok()?;
    let position = &state.position;
    let is_sound = position.edge.is_sound()
        && position.edge.size() == position.size
        && state.end.commit.size == position.size
        && position.genesis.as_ref().is_some_and(|genesis| genesis.log_id() == position.log);
    is_sound.then_some(state)
}
