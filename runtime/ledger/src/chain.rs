//! Writing, without a disk: bodies become events, events become bytes to be written, and after them what is signed.

use std::{num::NonZero, ops::Range, thread};

use ed25519_dalek::{Signer, SigningKey};

use crate::{
    Body, Event, Hash, VERSION,
    body::{Genesis, KeyEpoch, Signing, Summary},
    checkpoint::Checkpoint,
    error::LogError,
    keys::{EpochKeys, EpochSecret},
    position::{Position, runs_digest},
    segment::{self, Commit, Header, SIGNATURE_BYTES},
};

/// Before what is signed for one event, so that no other protocol's message is one of ours.
pub const EVENT_DOMAIN: &[u8] = b"invar/BehaviorEvent/v1\n";

/// Bytes after which a segment ends, with the batch that it is in.
pub const SEGMENT_BYTES: u64 = 64 << 20;

/// Bytes that are written together at most, and what may be left of a write that was cut short.
pub const BATCH_BYTES_MAX: usize = 8 << 20;

/// The last millisecond that anything is dated: of the year 9999, after which no time can be written as others write it.
pub const TIME_MS_MAX: u64 = 253_402_300_799_999;

/// Events that are signed by several threads at least: below it, starting those takes longer.
const SIGNED_TOGETHER_MIN: usize = 16;

/// What is written at once.
pub struct Batch {
    /// The segment that begins with it, if one does.
    pub begins: Option<Header>,
    /// Records.
    pub bytes: Vec<u8>,
    /// Nodes of the tree that came into being.
    pub nodes: Vec<u8>,
    /// The epoch that begins with it, if one does: its secret must be kept before anything is written.
    pub epoch: Option<Box<EpochSecret>>,
    /// Index of the event that the epoch began with.
    pub epoch_first: u64,
    /// What it is signed with.
    pub commit: Commit,
    /// Where the log stands after it.
    pub head: Head,
}

/// A batch whose events are still to be signed, where each is. A batch is of one epoch, and so of one key.
pub struct Unsigned {
    batch: Batch,
    key: SigningKey,
    /// Where its events are, and their links; none where the batch is signed as one.
    events: Vec<(Range<usize>, Hash)>,
}

impl Unsigned {
    /// Signs the events: over all cores, if there are enough to be worth it.
    #[must_use]
    pub fn sign(self) -> Batch {
        let Self { mut batch, key, events } = self;
        let sign =
            |(place, _): &(Range<usize>, Hash)| key.sign(&signed(&batch.bytes[place.clone()])).to_bytes();
        let sign_all = |some: &[(Range<usize>, Hash)]| some.iter().map(sign).collect::<Vec<_>>();
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        let signatures = if threads == 1 || events.len() < SIGNED_TOGETHER_MIN {
            sign_all(&events)
        } else {
            thread::scope(|scope| {
                let mut chunks = events.chunks(events.len().div_ceil(threads));
                let first = chunks.next().unwrap_or_default();
                let others: Vec<_> = chunks.map(|some| (some, scope.spawn(|| sign_all(some)))).collect();
                let mut all = sign_all(first);
                for (some, thread) in others {
                    // A thread that ended otherwise has signed nothing: it is done here.
                    all.extend(thread.join().unwrap_or_else(|_| sign_all(some)));
                }
                all
            })
        };
        for ((place, link), signature) in events.into_iter().zip(signatures) {
            segment::put_signature(&mut batch.bytes, place.end, link, &signature);
        }
        batch
    }
}

/// Where a log stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Head {
    /// Events.
    pub size: u64,
    /// Root of the tree.
    pub root: Hash,
    /// Link of the last event.
    pub link: Hash,
}

/// The end that grows.
pub struct Chain {
    position: Position,
    origin: String,
    signing: Signing,
    keys: EpochKeys,
    secret: EpochSecret,
    key: SigningKey,
    segment_bytes_max: u64,
    /// Bytes of the segment that is being written; none: one must begin.
    segment_bytes: Option<u64>,
    batch: Vec<u8>,
    /// Where events are in it that are to be signed each, and their links.
    unsigned: Vec<(Range<usize>, Hash)>,
    nodes: Vec<u8>,
    begins: Option<Header>,
    new_epoch: Option<Box<EpochSecret>>,
    event: Vec<u8>,
}

impl Chain {
    /// Goes on from a position. `segment_bytes` are those of the segment that is being written, if there is one.
    pub(crate) fn new(
        position: Position,
        (origin, signing): (String, Signing),
        keys: EpochKeys,
        secret: EpochSecret,
        segment_bytes: Option<u64>,
        segment_bytes_max: u64,
    ) -> Self {
        Self {
            key: secret.key(),
            position,
            origin,
            signing,
            keys,
            secret,
            segment_bytes_max,
            segment_bytes,
            batch: Vec::new(),
            unsigned: Vec::new(),
            nodes: Vec::new(),
            begins: None,
            new_epoch: None,
            event: Vec::new(),
        }
    }

    /// Where it stands, with what is not written yet.
    #[must_use]
    pub fn position(&self) -> &Position {
        &self.position
    }

    /// Whether each event is signed by itself.
    #[must_use]
    pub fn signs_each(&self) -> bool {
        self.signing == Signing::Each
    }

    /// Adds an event, and before it what must be said first: a summary where a segment begins, a key where an epoch does.
    /// Its index comes back. Counters of runs are filled in.
    ///
    /// # Errors
    /// It cannot be an event of this log; it was not added.
    pub fn append(&mut self, body: Body, time_ms: u64) -> Result<u64, LogError> {
        if matches!(body, Body::Genesis(_) | Body::KeyEpoch(_) | Body::Summary(_)) {
            return Err(LogError::Reserved(body.kind()));
        }
        if self.must_seal(time_ms) {
            return Err(LogError::Unsealed);
        }
        let time_ms = time_ms.max(self.position.last_ms);
        if self.batch.is_empty() {
            // A violation stays with its run: what is told behind a summary needs nothing before it.
            let begins_segment = self.is_segment_full() && !matches!(body, Body::Violation(_));
            // The summary is of the same epoch as what follows it.
            let before = u64::from(begins_segment);
            let begins_epoch = self.position.is_epoch_over_after(before, time_ms);
            self.begin_batch(begins_segment, begins_epoch, time_ms)?;
        }
        let body = self.filled_in(body)?;
        self.push(body, time_ms)
    }

    /// Whether what waits must be sealed before an event is added at that time: the epoch is over then. What is of an
    /// epoch is signed by its own key, which is gone afterwards, so that no later one can stand for it.
    #[must_use]
    pub fn must_seal(&self, time_ms: u64) -> bool {
        !self.batch.is_empty() && self.position.is_epoch_over(time_ms.max(self.position.last_ms))
    }

    /// Bytes that wait to be sealed.
    #[must_use]
    pub fn waiting_bytes(&self) -> usize {
        self.batch.len()
    }

    /// The first two events: what the log is, and its first key.
    pub(crate) fn begin(&mut self, genesis: Genesis, time_ms: u64) -> Result<(), LogError> {
        self.begins = Some(Header { log: genesis.log_id(), first: 0, previous: Hash::default() });
        self.push(Body::Genesis(genesis), time_ms)?;
        self.push_key(time_ms)
    }

    /// Signs what waits as one, and hands it over to be signed event by event if that is how events are signed, and
    /// written; none if nothing waits.
    ///
    /// # Errors
    /// The log's name is invalid.
    pub fn seal(&mut self) -> Result<Option<Unsigned>, LogError> {
        if self.batch.is_empty() {
            return Ok(None);
        }
        let head = Head { size: self.position.size, root: self.position.root(), link: self.position.link };
        let text = Checkpoint::new(&self.origin, head.size, head.root).map_err(LogError::Origin)?.text();
        let commit = Commit {
            size: head.size,
            root: head.root,
            signature: self.key.sign(text.as_bytes()).to_bytes().into(),
        };
        segment::write_commit(&mut self.batch, &commit, head.link);
        let written = self.batch.len() as u64 + self.begins.map_or(0, |_| segment::HEADER_BYTES as u64);
        self.segment_bytes = Some(self.segment_bytes.unwrap_or(0) + written);
        let batch = Batch {
            begins: self.begins.take(),
            bytes: std::mem::take(&mut self.batch),
            nodes: std::mem::take(&mut self.nodes),
            epoch: self.new_epoch.take(),
            epoch_first: self.position.epoch_first,
            commit,
            head,
        };
        Ok(Some(Unsigned { batch, key: self.key.clone(), events: std::mem::take(&mut self.unsigned) }))
    }

    fn is_segment_full(&self) -> bool {
        self.segment_bytes.is_none_or(|bytes| bytes >= self.segment_bytes_max)
    }

    fn begin_batch(
        &mut self,
        begins_segment: bool,
        begins_epoch: bool,
        time_ms: u64,
    ) -> Result<(), LogError> {
        if begins_segment {
            let Position { log, size, link, .. } = self.position;
            self.segment_bytes = None;
            self.begins = Some(Header { log, first: size, previous: link });
        }
        if begins_epoch {
            self.begin_epoch(time_ms)?;
        }
        if begins_segment {
            let summary = Summary { root: self.position.root(), runs: runs_digest(&self.position.runs) };
            self.push(Body::Summary(summary), time_ms)?;
        }
        Ok(())
    }

    /// The next epoch begins, whether or not this one is over. Nothing may wait.
    pub(crate) fn rotate(&mut self, time_ms: u64) -> Result<(), LogError> {
        if !self.batch.is_empty() {
            return Err(LogError::Unsealed);
        }
        let time_ms = time_ms.max(self.position.last_ms);
        self.begin_batch(self.is_segment_full(), true, time_ms)
    }

    /// The next key takes over, with the first event of a batch: that is written only after the key is kept.
    fn begin_epoch(&mut self, time_ms: u64) -> Result<(), LogError> {
        let next = self.secret.next();
        if self.keys.key(next.epoch()).is_none() {
            return Err(LogError::Exhausted { epochs: next.epoch() });
        }
        self.key = next.key();
        self.secret = next.clone();
        self.new_epoch = Some(Box::new(next));
        self.push_key(time_ms)
    }

    /// The key that was kept when the power went, and is one ahead: the log follows.
    pub(crate) fn take_over(&mut self, time_ms: u64) -> Result<(), LogError> {
        self.push_key(time_ms)
    }

    /// The event that says which key is on.
    fn push_key(&mut self, time_ms: u64) -> Result<(), LogError> {
        let epoch = self.secret.epoch();
        let (Some(key), Some(path)) = (self.keys.key(epoch), self.keys.path(epoch)) else {
            return Err(LogError::Exhausted { epochs: epoch });
        };
        self.push(Body::KeyEpoch(KeyEpoch { key: key.into(), path }), time_ms)?;
        Ok(())
    }

    fn filled_in(&self, mut body: Body) -> Result<Body, LogError> {
        match &mut body {
            Body::Run(run) => {
                run.run_index = self.position.runs.get(&run.component).copied().unwrap_or(0) + 1;
            }
            Body::Violation(violation) => match self.position.last_run {
                Some((index, component)) if component == violation.component => violation.run = index,
                _ => return Err(LogError::NoRun),
            },
            _ => {}
        }
        Ok(body)
    }

    fn push(&mut self, body: Body, time_ms: u64) -> Result<u64, LogError> {
        check_time(time_ms)?;
        let index = self.position.size;
        let epoch = self.secret.epoch();
        let Position { log, link: previous, .. } = self.position;
        let log = if let Body::Genesis(genesis) = &body { genesis.log_id() } else { log };
        let event = Event { version: VERSION, log, index, epoch, time_ms, previous, body };
        self.event.clear();
        event.write(&mut self.event).map_err(LogError::Event)?;
        // What a verifier will ask of it is asked now: an event of ours that does not hold is never written.
        let nodes = &mut self.nodes;
        self.position
            .take(&event, &self.event, |node| nodes.extend_from_slice(&node.0))
            .map_err(|fault| LogError::Unfit { index, fault })?;
        let link = self.position.link;
        match self.signing {
            Signing::Batch => segment::write_event(&mut self.batch, &self.event, link),
            Signing::Each => {
                // Its signature comes with those of the others, in `Unsigned::sign`.
                let from = self.batch.len() + segment::FRAME_BYTES;
                segment::write_signed_event(&mut self.batch, &self.event, link, &[0; SIGNATURE_BYTES]);
                self.unsigned.push((from..from + self.event.len(), link));
            }
        }
        Ok(index)
    }
}

/// Whether something can have happened then.
pub(crate) fn check_time(time_ms: u64) -> Result<(), LogError> {
    match (1..=TIME_MS_MAX).contains(&time_ms) {
        true => Ok(()),
        false => Err(LogError::Time { time_ms }),
    }
}

/// What is signed for one event.
pub(crate) fn signed(event: &[u8]) -> Vec<u8> {
    [EVENT_DOMAIN, event].concat()
}
