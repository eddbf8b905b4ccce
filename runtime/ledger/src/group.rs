//! Many who write at once share signatures and syncs.
//!
//! One thread makes events of what comes in, chains and signs them; another writes and syncs what is ready, and tells
//! everybody whose events are on the disk. While one batch is being synced the next is being made.

use std::{
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
};

use crate::{
    Body,
    chain::{Batch, Chain, Head},
    disk::Disk,
    log::{Log, LogError},
    store::Store,
};

/// Requests that wait at most: whoever comes then waits with them. Stops memory from growing when the disk is slow.
const WAITING_MAX: usize = 4096;
/// Batches that are ready and not on the disk.
const READY_MAX: usize = 1;
/// Events in a batch at most.
const BATCH_EVENTS_MAX: usize = 8192;
/// Bytes of a batch after which it is closed.
const BATCH_BYTES: usize = 2 << 20;

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Index of the first of the events.
    pub first: u64,
    /// Of the last.
    pub last: u64,
    /// Where the log stood when they were on the disk.
    pub head: Head,
}

/// Why it was not written; the same for all who were in one batch.
pub type Refused = Arc<LogError>;

struct Request {
    bodies: Vec<Body>,
    time_ms: u64,
    answer: SyncSender<Result<Written, Refused>>,
}

/// Requests of one batch: indices of the first and last event, and whom to tell.
type Answers = Vec<(u64, u64, SyncSender<Result<Written, Refused>>)>;

/// A log that many threads write to.
pub struct Group<D> {
    requests: Option<SyncSender<Request>>,
    making: Option<JoinHandle<Chain>>,
    writing: Option<JoinHandle<Store<D>>>,
}

impl<D: Disk + Send + 'static> Group<D> {
    /// Takes a log over.
    #[must_use]
    pub fn new(log: Log<D>) -> Self {
        let (chain, store) = log.into_parts();
        let (requests, incoming) = sync_channel(WAITING_MAX);
        let (ready, to_write) = sync_channel(READY_MAX);
        let making = thread::spawn(move || make(chain, &incoming, &ready));
        let writing = thread::spawn(move || write(store, &to_write));
        Self { requests: Some(requests), making: Some(making), writing: Some(writing) }
    }

    /// Returns once these events, one after the other with none between, are signed and on the disk.
    ///
    /// # Errors
    /// They are not.
    pub fn append(&self, bodies: Vec<Body>, time_ms: u64) -> Result<Written, Refused> {
        let (answer, answered) = sync_channel(1);
        let gone = || Arc::new(LogError::Broken);
        let requests = self.requests.as_ref().ok_or_else(gone)?;
        requests.send(Request { bodies, time_ms, answer }).map_err(|_| gone())?;
        answered.recv().map_err(|_| gone())?
    }

    /// Waits for everything that was asked for, and says that it ends in order.
    ///
    /// # Errors
    /// The disk.
    pub fn close(mut self, time_ms: u64) -> Result<Head, Refused> {
        let written = self.append(vec![Body::Close], time_ms)?;
        self.requests = None;
        let made = self.making.take().and_then(|thread| thread.join().ok());
        let store = self.writing.take().and_then(|thread| thread.join().ok());
        if let (Some(chain), Some(mut store)) = (made, store) {
            store.keep_position(chain.position())?;
        }
        Ok(written.head)
    }
}

impl<D> Drop for Group<D> {
    fn drop(&mut self) {
        self.requests = None;
        // What was asked for is written before they end.
        let _ = self.making.take().map(JoinHandle::join);
        let _ = self.writing.take().map(JoinHandle::join);
    }
}

/// Makes batches of what has come in by then.
fn make(mut chain: Chain, incoming: &Receiver<Request>, ready: &SyncSender<(Batch, Answers)>) -> Chain {
    while let Ok(request) = incoming.recv() {
        let mut answers = Answers::new();
        let mut events = 0;
        let mut next = Some(request);
        while let Some(request) = next {
            events += request.bodies.len();
            if !add(&mut chain, request, &mut answers, ready) {
                return chain;
            }
            let is_full = events >= BATCH_EVENTS_MAX || chain.waiting_bytes() >= BATCH_BYTES;
            next = if is_full { None } else { incoming.try_recv().ok() };
        }
        if !seal(&mut chain, &mut answers, ready) {
            return chain;
        }
    }
    chain
}

/// Hands over what waits. Whether there is anybody to take it.
fn seal(chain: &mut Chain, answers: &mut Answers, ready: &SyncSender<(Batch, Answers)>) -> bool {
    let answers = std::mem::take(answers);
    match chain.seal() {
        Ok(Some(batch)) => ready.send((batch, answers)).is_ok(),
        Ok(None) => true,
        Err(error) => {
            tell_all(answers, &Arc::new(error));
            true
        }
    }
}

/// Adds the events of one request. Where one cannot be an event whoever asked is told so; those before it are in the log all
/// the same. Whether there is anybody to take them.
fn add(
    chain: &mut Chain,
    request: Request,
    answers: &mut Answers,
    ready: &SyncSender<(Batch, Answers)>,
) -> bool {
    let mut indices = None;
    for body in request.bodies {
        if chain.must_seal(request.time_ms) && !seal(chain, answers, ready) {
            return false;
        }
        match chain.append(body, request.time_ms) {
            Ok(index) => indices = Some((indices.map_or(index, |(first, _)| first), index)),
            Err(error) => {
                let _ = request.answer.send(Err(Arc::new(error)));
                return true;
            }
        }
    }
    if let Some((first, last)) = indices {
        answers.push((first, last, request.answer));
    }
    true
}

fn write<D: Disk>(mut store: Store<D>, ready: &Receiver<(Batch, Answers)>) -> Store<D> {
    while let Ok((batch, answers)) = ready.recv() {
        match store.write(&batch) {
            Ok(()) => {
                for (first, last, answer) in answers {
                    // Whoever asked may be gone.
                    let _ = answer.send(Ok(Written { first, last, head: batch.head }));
                }
            }
            Err(error) => tell_all(answers, &Arc::new(error)),
        }
    }
    store
}

fn tell_all(answers: Answers, error: &Refused) {
    for (_, _, answer) in answers {
        let _ = answer.send(Err(error.clone()));
    }
}
