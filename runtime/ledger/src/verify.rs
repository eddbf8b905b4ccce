//! Verifying a log: everything that is there, from its first byte, and what others hold of it.

mod audit;
mod held;
mod signatures;
mod trust_status;

use std::num::NonZero;

use thiserror::Error;

use self::signatures::{Claim, Signatures};
pub use self::{
    audit::{Audit, VerifiedCosignature},
    held::{Held, HeldError},
    trust_status::{NOT_WITNESSED, TrustStatus},
};
use crate::{
    Body, Checkpoint, Event, Hash, Head, VerifierKey,
    body::Signing,
    chain::signed,
    disk::Disk,
    error::LogError,
    position::Position,
    published,
    recover::{self, UNSETTLED},
    segment::{self, Broken, Commit, HEADER_BYTES, Header, Record, Records, SIGNATURE_BYTES},
    state,
    tail::{self, TAIL_BYTES_MAX},
};

/// Seconds that two clocks may differ without anybody having back-dated anything.
pub const CLOCK_SKEW_S_MAX: u64 = 300;

/// A log that is not what it should be.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AuditError {
    /// It cannot be looked at.
    #[error(transparent)]
    Log(#[from] LogError),
    /// An event, or what stands for events, is bad: the first one.
    #[error("bad from event {index} on ({segment}, byte {offset}): {why}")]
    Bad {
        /// Index of the event, or of the one that would follow.
        index: u64,
        /// Its segment.
        segment: String,
        /// Where in it.
        offset: u64,
        /// What is wrong.
        why: String,
    },
    /// A signature does not verify.
    #[error("the signature over event {index} is not by the key of epoch {epoch}")]
    Signature {
        /// The event, or the last one of a batch.
        index: u64,
        /// The epoch it is in.
        epoch: u32,
    },
    /// Not the log that was meant.
    #[error("this is another log than the one asked for: its key is {found}")]
    OtherLog {
        /// Its key.
        found: String,
    },
    /// What is held is not of this log.
    #[error("{what} is not signed by the key of this log: it is of another log, or made up")]
    NotOurs {
        /// What is held.
        what: String,
    },
    /// Less is there than is held.
    #[error("cut: {what} is of {held} events, and {found} are there")]
    Cut {
        /// What is held.
        what: String,
        /// Events it is of.
        held: u64,
        /// Events that are there.
        found: u64,
    },
    /// Something else is there.
    #[error(
        "rewritten: {what} is of {size} events that are not the first {size} here: the log's key signed two histories"
    )]
    Rewritten {
        /// What is held.
        what: String,
        /// Events it is of.
        size: u64,
    },
    /// An event that was promised is not there.
    #[error("omitted: {what} promises event {index}, and another event is there")]
    Omitted {
        /// What is held.
        what: String,
        /// The event.
        index: u64,
    },
    /// An event is dated before the log was seen without it.
    #[error("back-dated: event {index} is dated {ago_s} s before {what} saw the log without it")]
    BackDated {
        /// Who saw it.
        what: String,
        /// The event.
        index: u64,
        /// By how much.
        ago_s: u64,
    },
    /// An event is dated after the log was seen with it.
    #[error("post-dated: event {index} is dated {ahead_s} s after {what} saw it in the log")]
    PostDated {
        /// Who saw it.
        what: String,
        /// The event.
        index: u64,
        /// By how much.
        ahead_s: u64,
    },
}

/// How to verify.
pub struct Verifier<'a> {
    /// Whose cosignatures are looked for.
    pub witnesses: &'a [VerifierKey],
    /// The log that it must be, if that is known.
    pub log: Option<&'a VerifierKey>,
    /// What is held of it.
    pub held: Vec<Held>,
    /// Threads that verify signatures.
    pub jobs: NonZero<usize>,
}

impl Verifier<'_> {
    /// Verifies everything, and says how far it is on the way. Memory does not grow with the log.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn verify<D: Disk>(&self, disk: &D, progress: &mut dyn FnMut(u64)) -> Result<Audit, AuditError> {
        let mut due = self.due(disk)?;
        // Before the log, which may be written to meanwhile.
        let closed = state::told(disk);
        due.sort_by_key(Due::size);
        let (scanned, forged) = Signatures::scope(self.jobs, |signatures| {
            let mut scan = Scan::new(self.log, &due, signatures);
            scan.all(disk, progress)?;
            scan.check_whole(closed)?;
            Ok((scan.position.genesis.clone(), scan.position.log, scan.signed))
        });
        // A signature that is forged and an event that does not fit: the one that comes first is told.
        if let Some((index, epoch)) = forged
            && !matches!(&scanned, Err(AuditError::Bad { index: other, .. }) if *other < index)
        {
            return Err(AuditError::Signature { index, epoch });
        }
        let cut = |due: &Due, found| AuditError::Cut { what: due.held.what.clone(), held: due.size(), found };
        let (genesis, log, signed) = match (scanned, due.last()) {
            (Err(AuditError::Log(LogError::Missing)), Some(due)) => return Err(cut(due, 0)),
            (scanned, _) => scanned?,
        };
        let Some(genesis) = genesis else { return Err(LogError::Missing.into()) };
        let Signed { head, gone, is_closed, epoch, signatures, behind_bytes, .. } = signed;
        let cosigned = due.into_iter().flat_map(|due| due.seen).collect();
        Ok(Audit { genesis, log, head, signatures, gone, behind_bytes, is_closed, epoch, cosigned })
    }

    /// What is held, and what the log itself published last.
    fn due<D: Disk>(&self, disk: &D) -> Result<Vec<Due>, AuditError> {
        let published = published::read(disk)?.map(|checkpoint| Held {
            what: "the checkpoint that was published".into(),
            checkpoint,
            event: None,
        });
        let all = published.into_iter().chain(self.held.iter().cloned());
        Ok(all.map(|held| Due { seen: self.seen(&held), held }).collect())
    }

    fn seen(&self, held: &Held) -> Vec<VerifiedCosignature> {
        let size = held.checkpoint.checkpoint().size();
        if size == 0 {
            // Who saw nothing saw nothing.
            return Vec::new();
        }
        let cosigned = |witness: &VerifierKey| {
            let time_s = held.checkpoint.cosigned_by(witness)?;
            Some(VerifiedCosignature { witness: witness.clone(), time_s, size })
        };
        self.witnesses.iter().filter_map(cosigned).collect()
    }
}

/// A checkpoint that the log must come to.
struct Due {
    held: Held,
    /// When witnesses saw it.
    seen: Vec<VerifiedCosignature>,
}

impl Due {
    fn size(&self) -> u64 {
        self.held.checkpoint.checkpoint().size()
    }
}

/// As of the last signature: what is behind it counts for nothing.
#[derive(Debug, Clone, Copy, Default)]
struct Signed {
    head: Head,
    gone: u64,
    is_closed: bool,
    is_unsettled: bool,
    epoch: u32,
    signatures: u64,
    behind_bytes: u64,
}

/// One reading of a log.
struct Scan<'a, 's> {
    /// The log that it must be.
    log: Option<&'a VerifierKey>,
    due: &'a [Due],
    signatures: &'a mut Signatures<'s>,
    position: Position,
    signed: Signed,
    gone: u64,
    claims: u64,
    /// Where records end that fit, if not at the end of a file.
    stopped: Option<(String, u64, Broken)>,
    /// The log that segments name.
    named: Option<Hash>,
    /// The genesis, until the key that signs it is known.
    first: Option<(Vec<u8>, [u8; SIGNATURE_BYTES])>,
    scratch: Vec<u8>,
}

/// Events between two words about how far it is.
const PROGRESS_EVENTS: u64 = 4096;

impl<'a, 's> Scan<'a, 's> {
    fn new(log: Option<&'a VerifierKey>, due: &'a [Due], signatures: &'a mut Signatures<'s>) -> Self {
        Self {
            log,
            due,
            signatures,
            position: Position::default(),
            signed: Signed::default(),
            gone: 0,
            claims: 0,
            stopped: None,
            named: None,
            first: None,
            scratch: Vec::new(),
        }
    }

    fn all<D: Disk>(&mut self, disk: &D, progress: &mut dyn FnMut(u64)) -> Result<(), AuditError> {
        let segments = segment::all(disk).map_err(LogError::read("the directory"))?;
        match segments.first() {
            None => return Err(LogError::Missing.into()),
            Some(0) => {}
            Some(_) => {
                let why = "it is missing, and segments after it are there".into();
                return Err(self.bad((&segment::name(0), 0), why));
            }
        }
        for (number, first) in segments.iter().enumerate() {
            self.segment(disk, *first, number + 1 == segments.len(), progress)?;
        }
        self.signatures.flush();
        if self.signed.is_unsettled {
            let last = segment::name(segments.last().copied().unwrap_or(0));
            return Err(self.bad((&last, 0), UNSETTLED.into()));
        }
        match self.signed.head.size {
            0 => Err(LogError::Missing.into()),
            _ => Ok(()),
        }
    }

    /// As much is there as others hold, and as was noted when it was last closed.
    fn check_whole(&self, closed: Option<u64>) -> Result<(), AuditError> {
        let found = self.signed.head.size;
        let held = self.due.iter().map(|due| (due.held.what.clone(), due.size()));
        let closed = closed.map(|size| ("what was noted when it was last closed".to_owned(), size));
        let Some((what, held)) = held.chain(closed).find(|(_, size)| *size > found) else { return Ok(()) };
        match &self.stopped {
            // It is there, and damaged.
            Some((segment, offset, broken @ Broken::Unfit)) => Err(AuditError::Bad {
                index: self.position.size,
                segment: segment.clone(),
                offset: *offset,
                why: format!("{broken}, and {what} is of {held} events"),
            }),
            _ => Err(AuditError::Cut { what, held, found }),
        }
    }

    fn segment<D: Disk>(
        &mut self,
        disk: &D,
        first: u64,
        is_last: bool,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(), AuditError> {
        let name = segment::name(first);
        let whole = disk.size(&name).map_err(LogError::read(&name))?.unwrap_or(0);
        let mut header = [0; HEADER_BYTES];
        disk.read_at(&name, 0, &mut header).map_err(LogError::read(&name))?;
        let at = (self.position.size, self.position.link);
        match Header::from_bytes(&header) {
            Some(header)
                if header.first == first
                    && (header.first, header.previous) == at
                    && self.is_named(header.log) => {}
            // The power went before anything of it was acknowledged.
            None if is_last && first > 0 && whole <= TAIL_BYTES_MAX => {
                self.signed.behind_bytes = whole;
                return self.check_tail(disk, (&name, 0, whole), 0);
            }
            _ => {
                let why = "the segment does not begin where the one before it ends".into();
                return Err(self.bad((&name, 0), why));
            }
        }
        let mut records = Records::new(disk, name.clone(), HEADER_BYTES as u64, self.position.link);
        let mut signed_bytes = 0;
        loop {
            let offset = records.offset();
            let (record, link) = match records.read_linked().map_err(LogError::read(&name))? {
                Ok(Some(read)) => read,
                Ok(None) => break,
                // What a write that was cut short has left, if nobody knows of more.
                Err(broken) if is_last && whole - signed_bytes.min(whole) <= TAIL_BYTES_MAX => {
                    self.check_tail(disk, (&name, signed_bytes, whole), offset)?;
                    self.stopped = Some((name.clone(), offset, broken));
                    break;
                }
                Err(broken) => return Err(self.bad((&name, offset), broken.to_string())),
            };
            self.record(record, link, (&name, offset))?;
            if matches!(record, Record::Commit(_)) {
                signed_bytes = records.offset();
            }
            if self.position.size.is_multiple_of(PROGRESS_EVENTS) {
                progress(self.position.size);
            }
        }
        self.signed.behind_bytes = whole - signed_bytes.min(whole);
        match is_last || self.signed.behind_bytes == 0 {
            true => Ok(()),
            false => Err(self
                .bad((&name, signed_bytes), "it ends without a signature, and more segments follow".into())),
        }
    }

    fn record(&mut self, record: Record<'_>, link: Hash, place: (&str, u64)) -> Result<(), AuditError> {
        match record {
            Record::Event(bytes, signature) => self.event(bytes, link, signature, place),
            Record::Commit(commit) => self.commit(&commit, place),
            Record::Tombstone { leaf, link } => {
                self.gone += 1;
                self.position.take_gone(leaf, link, |_| {});
                self.come_to(leaf, None)
            }
            Record::Runs(entries) => {
                self.position.take_runs(entries.iter().map(segment::run_count));
                Ok(())
            }
        }
    }

    fn event(
        &mut self,
        bytes: &[u8],
        link: Hash,
        signature: Option<&[u8; SIGNATURE_BYTES]>,
        place: (&str, u64),
    ) -> Result<(), AuditError> {
        let index = self.position.size;
        let event = Event::from_bytes_with(bytes, &mut self.scratch)
            .map_err(|error| self.bad(place, format!("it {error}")))?;
        // Each epoch is signed for to its end by its own key, which is gone then: no later one can stand for it.
        let ends_epoch = matches!(event.body, Body::KeyEpoch(_)) && self.position.key.is_some();
        if ends_epoch && self.signed.head.size != index {
            let why = format!(
                "epoch {} ends before it without a signature by its own key, and a later one cannot stand for it",
                self.position.epoch
            );
            return Err(self.bad(place, why));
        }
        let leaf = Hash::leaf(bytes);
        self.position.take_hashed(&event, leaf, link, |_| {}).map_err(|fault| AuditError::Bad {
            index,
            segment: place.0.to_owned(),
            offset: place.1,
            why: fault.to_string(),
        })?;
        if index == 0 {
            self.check_log(&event)?;
        }
        let signing = self.position.genesis.as_ref().map(|genesis| genesis.signing);
        match (signing, signature) {
            (Some(Signing::Batch), None) => {}
            (Some(Signing::Each), Some(signature)) if self.position.key.is_none() => {
                self.first = Some((bytes.to_vec(), *signature));
            }
            (Some(Signing::Each), Some(signature)) => {
                if let Some((first, its)) = self.first.take() {
                    self.claim(0, signed(&first), its);
                }
                self.claim(index, signed(bytes), *signature);
            }
            _ => return Err(self.bad(place, "it is not signed as the genesis says that events are".into())),
        }
        self.come_to(leaf, Some(event.time_ms / 1000))
    }

    /// What others hold of the log must be so here.
    fn come_to(&self, leaf: Hash, time_s: Option<u64>) -> Result<(), AuditError> {
        let (index, size) = (self.position.size - 1, self.position.size);
        for due in self.due {
            let what = || due.held.what.clone();
            if due.held.event.is_some_and(|(promised, held)| promised == index && held != leaf) {
                return Err(AuditError::Omitted { what: what(), index });
            }
            if due.size() == size && due.held.checkpoint.checkpoint().root() != self.position.root() {
                return Err(AuditError::Rewritten { what: what(), size });
            }
            let Some(time_s) = time_s else { continue };
            for seen in &due.seen {
                let who = || format!("the witness {}", seen.witness.name());
                let since = time_s + CLOCK_SKEW_S_MAX;
                if due.size() <= index && since < seen.time_s {
                    return Err(AuditError::BackDated { what: who(), index, ago_s: seen.time_s - time_s });
                }
                if due.size() >= size && seen.time_s + CLOCK_SKEW_S_MAX < time_s {
                    return Err(AuditError::PostDated { what: who(), index, ahead_s: time_s - seen.time_s });
                }
            }
        }
        Ok(())
    }

    /// Whether a segment names this log; the first one is held against the genesis once that is read.
    fn is_named(&mut self, log: Hash) -> bool {
        log == *self.named.get_or_insert(log)
    }

    /// The key in the genesis is the one that is known, and what is held is signed by it.
    fn check_log(&self, first: &Event) -> Result<(), AuditError> {
        let Body::Genesis(genesis) = &first.body else { return Ok(()) };
        if self.named != Some(first.log) {
            return Err(
                self.bad((&segment::name(0), 0), "the segment names another log than its genesis".into())
            );
        }
        let key = published::log_key(genesis)?;
        if self.log.is_some_and(|known| *known != key) {
            return Err(AuditError::OtherLog { found: key.to_string() });
        }
        match self.due.iter().find(|due| !due.held.checkpoint.signed_by(&key)) {
            Some(due) => Err(AuditError::NotOurs { what: due.held.what.clone() }),
            None => Ok(()),
        }
    }

    fn commit(&mut self, commit: &Commit, place: (&str, u64)) -> Result<(), AuditError> {
        let Position { size, link, epoch, is_closed, is_unsettled, .. } = self.position;
        let root = self.position.root();
        let Some(genesis) = &self.position.genesis else { return Err(LogError::Missing.into()) };
        if (commit.size, commit.root) != (size, root) {
            return Err(self.bad(place, "what is signed before it is not what the events come to".into()));
        }
        let text = Checkpoint::new(&genesis.origin, size, root).map_err(LogError::Origin)?.text();
        self.claim(size.saturating_sub(1), text.into_bytes(), commit.signature.into());
        let head = Head { size, root, link };
        self.signed = Signed {
            head,
            gone: self.gone,
            is_closed,
            is_unsettled,
            epoch,
            signatures: self.claims,
            behind_bytes: 0,
        };
        Ok(())
    }

    /// Nothing behind the last signature may have been acknowledged: where it is, something at that offset is damaged.
    fn check_tail<D: Disk>(
        &self,
        disk: &D,
        (name, from, to): (&str, u64, u64),
        offset: u64,
    ) -> Result<(), AuditError> {
        match tail::acknowledged(disk, &self.position, (name, from, to))? {
            Some(size) => Err(self.bad((name, offset), recover::behind(self.position.size, size))),
            None => Ok(()),
        }
    }

    fn claim(&mut self, index: u64, message: Vec<u8>, signature: [u8; SIGNATURE_BYTES]) {
        self.claims += 1;
        let key = self.position.key.map(Into::into).unwrap_or_default();
        self.signatures.put(Claim { index, epoch: self.position.epoch, key, message, signature });
    }

    fn bad(&self, (segment, offset): (&str, u64), why: String) -> AuditError {
        AuditError::Bad { index: self.position.size, segment: segment.to_owned(), offset, why }
    }
}
