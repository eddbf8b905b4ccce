//! Letting go of old events: of those that come in numbers only their hashes stay, and every proof stays valid.
//!
//! Segments are made anew, whole. A run or violation becomes its leaf and its link; everything else stays as it is, with the
//! last signature of each epoch. How often each skill had run is kept beside, and is what the summary at the beginning of the next
//! segment says it is.

use crate::{
    Body, Hash,
    disk::Disk,
    error::LogError,
    event::Event,
    log::Log,
    position::Position,
    recover,
    segment::{self, HEADER_BYTES, Record, Records},
};

/// What was pruned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Compacted {
    /// Segments that were made anew.
    pub segments: u64,
    /// Events that only hashes are left of.
    pub events: u64,
    /// Bytes that those segments had.
    pub bytes_before: u64,
    /// Bytes that they have.
    pub bytes_after: u64,
}

impl<D: Disk> Log<D> {
    /// Lets go of runs and violations in segments that were ended before that time.
    ///
    /// # Errors
    /// The log is damaged; the disk. Segments are replaced whole or not at all.
    pub fn compact(&mut self, before_ms: u64) -> Result<Compacted, LogError> {
        let segments = segment::all(self.disk()).map_err(LogError::read("the directory"))?;
        let mut done = Compacted::default();
        let mut position = Position::default();
        // The last one is being written.
        for first in segments.iter().rev().skip(1).rev() {
            let name = segment::name(*first);
            let Smaller { bytes, gone } = smaller(self.disk(), &name, &mut position)?;
            if position.last_ms >= before_ms {
                break;
            }
            if gone == 0 {
                continue;
            }
            let before = self.disk().size(&name).map_err(LogError::read(&name))?.unwrap_or(0);
            self.disk_mut()
                .replace(&name, &bytes)
                .map_err(|source| LogError::Write { segment: name.clone(), source })?;
            done.segments += 1;
            done.events += gone;
            done.bytes_before += before;
            done.bytes_after += bytes.len() as u64;
        }
        Ok(done)
    }
}

/// A segment without what is pruned.
struct Smaller {
    bytes: Vec<u8>,
    /// Events that are pruned, beside those that were before.
    gone: u64,
}

/// Reads a segment from where the log stood, and leaves that where it stands after it.
fn smaller<D: Disk>(disk: &D, name: &str, position: &mut Position) -> Result<Smaller, LogError> {
    let mut bytes = vec![0; HEADER_BYTES];
    disk.read_at(name, 0, &mut bytes).map_err(LogError::read(name))?;
    let mut records = Records::new(disk, name.to_owned(), HEADER_BYTES as u64, position.link);
    let (mut gone, mut commit) = (0, None);
    loop {
        let offset = records.offset();
        let damaged = |why: String| LogError::Damaged { name: name.to_owned(), offset, why };
        let read = match records.read_linked().map_err(LogError::read(name))? {
            Ok(Some(record)) => record,
            Ok(None) => break,
            Err(broken) => return Err(damaged(broken.to_string())),
        };
        let before = position.link;
        recover::take(position, read, |_| {}).map_err(damaged)?;
        let (record, link) = read;
        match record {
            Record::Event(event, signature) => {
                let body = Event::from_bytes(event).map(|event| event.body);
                if matches!(body, Ok(Body::KeyEpoch(_)))
                    && let Some(last) = commit.take()
                {
                    segment::write_commit(&mut bytes, &last, before);
                }
                let is_bulk = body.is_ok_and(|body| body.is_bulk());
                match (is_bulk, signature) {
                    (true, _) => {
                        gone += 1;
                        segment::write_tombstone(&mut bytes, Hash::leaf(event), link);
                    }
                    (false, None) => segment::write_event(&mut bytes, event, link),
                    (false, Some(signature)) => {
                        segment::write_signed_event(&mut bytes, event, link, signature);
                    }
                }
            }
            Record::Tombstone { leaf, link } => segment::write_tombstone(&mut bytes, leaf, link),
            Record::Commit(last) => commit = Some(last),
            Record::Runs(_) => {}
        }
    }
    segment::write_runs(&mut bytes, &position.runs, position.link);
    if let Some(commit) = commit {
        segment::write_commit(&mut bytes, &commit, position.link);
    }
    Ok(Smaller { bytes, gone })
}
