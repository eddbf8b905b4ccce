//! Many who write at once share signatures and syncs.
//!
//! One thread makes events of what comes in and chains them; the next signs them; the last writes and syncs what is ready,
//! and tells everybody whose events are on the disk. While one batch is being synced the next is being made, and it grows until the
//! disk is free: the slower that is, the fewer signatures and syncs there are.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, SyncSender, TryRecvError, sync_channel},
    },
    thread::{self, JoinHandle},
};

use crate::{
    Body,
    chain::{Batch, Chain, Head, Unsigned},
    disk::Disk,
    error::LogError,
    log::Log,
    store::Store,
};

/// Requests that wait at most: whoever comes then waits with them. Stops memory from growing when the disk is slow.
const WAITING_MAX: usize = 4096;
/// Batches that are ready and not on the disk.
const READY_MAX: usize = 1;
/// Requests in a batch at most.
const BATCH_REQUESTS_MAX: usize = 8192;
/// Bytes of a batch after which it is closed.
const BATCH_BYTES: usize = 2 << 20;

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppendedRange {
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
    answer: SyncSender<Result<AppendedRange, Refused>>,
}

/// What the thread that makes batches is told.
enum Message {
    Append(Request),
    /// The disk is free.
    Free,
    /// Nobody asks any more.
    End,
}

/// Requests of one batch: indices of the first and last event, and whom to tell.
type Answers = Vec<(u64, u64, SyncSender<Result<AppendedRange, Refused>>)>;

/// A log that many threads write to.
pub struct Group<D> {
    messages: SyncSender<Message>,
    making: Option<JoinHandle<Chain>>,
    writing: Option<JoinHandle<Store<D>>>,
}

impl<D: Disk + Send + 'static> Group<D> {
    /// Takes a log over.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the threads of a pipeline, in which batches keep their order"
    )]
    pub fn new(log: Log<D>) -> Self {
        let (chain, store) = log.into_parts();
        let (messages, incoming) = sync_channel(WAITING_MAX);
        let (ready, to_write) = sync_channel(READY_MAX);
        let unwritten = Arc::new(AtomicUsize::new(0));
        let (made, to_sign) = sync_channel::<(Unsigned, Answers)>(READY_MAX);
        let unwritten_max = if chain.signs_each() { 2 } else { 1 };
        let out = Outgoing { made, unwritten: unwritten.clone(), unwritten_max };
        let making = thread::spawn(move || make(chain, &incoming, &out));
        // It ends with the one before it, and with it the one behind it.
        thread::spawn(move || {
            to_sign.iter().try_for_each(|(batch, answers)| ready.send((batch.sign(), answers)))
        });
        let told = messages.clone();
        let writing = thread::spawn(move || write(store, &to_write, &unwritten, &told));
        Self { messages, making: Some(making), writing: Some(writing) }
    }

    /// Returns once these events, one after the other with none between, are signed and on the disk.
    ///
    /// # Errors
    /// They are not.
    pub fn append(&self, bodies: Vec<Body>, time_ms: u64) -> Result<AppendedRange, Refused> {
        let (answer, answered) = sync_channel(1);
        let gone = || Arc::new(LogError::Broken);
        self.messages.send(Message::Append(Request { bodies, time_ms, answer })).map_err(|_| gone())?;
        answered.recv().map_err(|_| gone())?
    }

    /// Waits for everything that was asked for, and says that it ends in order.
    ///
    /// # Errors
    /// The disk.
    pub fn close(mut self, time_ms: u64) -> Result<Head, Refused> {
        let written = self.append(vec![Body::Close], time_ms)?;
        let _ = self.messages.send(Message::End);
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
        // What was asked for is written before they end. They may have ended already.
        let _ = self.messages.send(Message::End);
        let _ = self.making.take().map(JoinHandle::join);
        let _ = self.writing.take().map(JoinHandle::join);
    }
}

/// Where batches go.
struct Outgoing {
    made: SyncSender<(Unsigned, Answers)>,
    /// Batches that are not on the disk.
    unwritten: Arc<AtomicUsize>,
    /// Batches that may be on the way while the next one is handed over: one that is written, and where each event is
    /// signed, which takes longer than to write it, one that is signed.
    unwritten_max: usize,
}

/// Makes a batch of what comes in until the disk is free, or the batch is full.
fn make(mut chain: Chain, incoming: &Receiver<Message>, out: &Outgoing) -> Chain {
    let mut answers = Answers::new();
    loop {
        let is_full = answers.len() >= BATCH_REQUESTS_MAX || chain.waiting_bytes() >= BATCH_BYTES;
        let is_free = chain.waiting_bytes() > 0 && out.unwritten.load(Ordering::Acquire) < out.unwritten_max;
        let message = match incoming.try_recv() {
            Ok(message) if !is_full => Some(message),
            // Whoever has come meanwhile comes into the next one.
            Ok(message) => {
                if !seal(&mut chain, &mut answers, out) {
                    return chain;
                }
                Some(message)
            }
            Err(TryRecvError::Empty) if is_full || is_free => {
                if !seal(&mut chain, &mut answers, out) {
                    return chain;
                }
                None
            }
            // Somebody comes, or the disk says that it is free.
            Err(TryRecvError::Empty) => incoming.recv().ok(),
            Err(TryRecvError::Disconnected) => Some(Message::End),
        };
        match message {
            Some(Message::Append(request)) => {
                if !add(&mut chain, request, &mut answers, out) {
                    return chain;
                }
            }
            Some(Message::Free) | None => {}
            Some(Message::End) => {
                seal(&mut chain, &mut answers, out);
                return chain;
            }
        }
    }
}

/// Hands over what waits. Whether there is anybody to take it.
fn seal(chain: &mut Chain, answers: &mut Answers, out: &Outgoing) -> bool {
    let answers = std::mem::take(answers);
    match chain.seal() {
        Ok(Some(batch)) => {
            out.unwritten.fetch_add(1, Ordering::AcqRel);
            out.made.send((batch, answers)).is_ok()
        }
        Ok(None) => true,
        Err(error) => {
            tell_all(answers, &Arc::new(error));
            true
        }
    }
}

/// Adds the events of one request. Where one cannot be an event whoever asked is told so; those before it are in the log all
/// the same. Whether there is anybody to take them.
fn add(chain: &mut Chain, request: Request, answers: &mut Answers, out: &Outgoing) -> bool {
    let mut indices = None;
    for body in request.bodies {
        if chain.must_seal(request.time_ms) && !seal(chain, answers, out) {
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

fn write<D: Disk>(
    mut store: Store<D>,
    ready: &Receiver<(Batch, Answers)>,
    unwritten: &AtomicUsize,
    told: &SyncSender<Message>,
) -> Store<D> {
    while let Ok((batch, answers)) = ready.recv() {
        let written = store.write(&batch);
        unwritten.fetch_sub(1, Ordering::AcqRel);
        // Where there is no room, there is enough to wake up for.
        let _ = told.try_send(Message::Free);
        match written {
            Ok(()) => {
                for (first, last, answer) in answers {
                    // Whoever asked may be gone.
                    let _ = answer.send(Ok(AppendedRange { first, last, head: batch.head }));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Entropy, Hash, Settings,
        body::{Run, Signing},
        disk::Directory,
        verify::Verifier,
    };

    #[test]
    fn everybody_who_writes_at_once_is_answered_when_it_is_on_the_disk() {
        let directory = tempfile::tempdir().unwrap();
        let few = Settings {
            epoch_events_max: 50,
            segment_bytes: 8192,
            signing: Signing::Batch,
            ..Settings::new("example.com/group".into(), Hash::default(), "test".into())
        };
        let seed = |byte| [byte; 32].into();
        let entropy = Entropy { log: seed(1), epoch: seed(2), nonce: [3; 32], salt: [4; 16] };
        let disk = Directory::writing(directory.path()).unwrap();
        let group = Group::new(Log::create(disk, &few, &entropy, None, 1000).unwrap());
        let written = std::sync::Mutex::new(Vec::new());
        thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    for _ in 0..25 {
                        let run = || Body::Run(Run::default());
                        let range = group.append(vec![run(), run()], 1000).unwrap();
                        assert!(range.head.size > range.last && range.last > range.first, "{range:?}");
                        written.lock().unwrap().push(range.last);
                    }
                });
            }
        });
        let head = group.close(1000).unwrap();
        let mut written = written.into_inner().unwrap();
        written.sort_unstable();
        written.dedup();
        assert_eq!(written.len(), 400, "no event is in two answers");
        let verifier =
            Verifier { witnesses: &[], log: None, held: Vec::new(), jobs: std::num::NonZero::<usize>::MIN };
        let audit = verifier.verify(&Directory::reading(directory.path()), &mut |_| {}).unwrap();
        assert_eq!(audit.head, head);
        assert!(audit.is_closed);
    }
}
