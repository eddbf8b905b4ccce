//! Where the records of a trace go.

use std::{
    collections::BTreeSet,
    io::Write,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{SyncSender, sync_channel},
    },
    thread::JoinHandle,
};

use invar_world::Digest;
use thiserror::Error;

use crate::{Format, Trace, file};

/// One record of a trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// What it is.
    pub kind: RecordKind,
    /// The link of the chain that covers it; for a blob and for the files, its digest.
    pub check: Digest,
    /// The record itself.
    pub bytes: Vec<u8>,
}

/// The kinds of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordKind {
    /// The inputs of the run; first.
    Header,
    /// Content, named by its digest.
    Blob,
    /// Events.
    Frame,
    /// What the run came to; last.
    End,
    /// The manifest of the initial files.
    Files,
}

/// How much of a run a sink keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Keep {
    /// Nothing but the head of the chain and the end.
    Head,
    /// Events and the content they refer to: enough for a behaviour.
    Events,
    /// The initial files and the input too: enough to replay.
    All,
}

impl RecordKind {
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Header => 1,
            Self::Blob => 2,
            Self::Frame => 3,
            Self::End => 4,
            Self::Files => 5,
        }
    }

    pub(crate) fn from_number(number: u8) -> Option<Self> {
        [Self::Header, Self::Blob, Self::Frame, Self::End, Self::Files]
            .into_iter()
            .find(|kind| kind.number() == number)
    }
}

/// A trace that cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the trace cannot be written: {0}")]
pub struct SinkError(pub String);

/// Takes the records of one run, in order.
pub trait Sink: Send {
    /// Takes the next record.
    ///
    /// # Errors
    /// It cannot be kept; the run must stop.
    fn put(&mut self, record: Record) -> Result<(), SinkError>;

    /// What is kept. The rest is hashed and not handed over.
    fn keeps(&self) -> Keep;

    /// Everything has been put: it is safe when this returns.
    ///
    /// # Errors
    /// It is not.
    fn finish(&mut self) -> Result<(), SinkError>;
}

/// Keeps nothing: for runs whose head and end are all that is asked.
#[derive(Debug, Default)]
pub struct Discard;

impl Sink for Discard {
    fn put(&mut self, _: Record) -> Result<(), SinkError> {
        Ok(())
    }

    fn keeps(&self) -> Keep {
        Keep::Head
    }

    fn finish(&mut self) -> Result<(), SinkError> {
        Ok(())
    }
}

/// Bytes of records that are kept in memory: the largest files and input that a run can begin with, and as much
/// again of what it does. The lab stops a skill that fills the host's memory through its trace long before; this
/// stops whoever forgets to.
const MEMORY_BYTES_MAX: usize = 1 << 30;

/// Keeps the trace in memory.
#[derive(Debug, Clone)]
pub struct Memory {
    kept: Arc<Mutex<MemoryRecords>>,
    keep: Keep,
}

#[derive(Debug, Default)]
struct MemoryRecords {
    trace: Trace,
    bytes: usize,
}

impl Memory {
    /// Keeps events, or all.
    #[must_use]
    pub fn new(keep: Keep) -> Self {
        Self { kept: Arc::default(), keep }
    }

    /// The trace, once the run is over.
    #[must_use]
    pub fn take(&self) -> Trace {
        std::mem::take(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner).trace)
    }
}

impl Sink for Memory {
    fn put(&mut self, record: Record) -> Result<(), SinkError> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.bytes += record.bytes.len();
        if kept.bytes > MEMORY_BYTES_MAX {
            return Err(SinkError(format!("it is larger than {MEMORY_BYTES_MAX} bytes")));
        }
        kept.trace.push(record);
        Ok(())
    }

    fn keeps(&self) -> Keep {
        self.keep
    }

    fn finish(&mut self) -> Result<(), SinkError> {
        Ok(())
    }
}

/// Writes the trace file as the run goes, compressing on a separate thread behind a bounded queue: the run
/// waits when the disk is slow, and memory stays flat.
pub struct Stream {
    queue: Option<SyncSender<Record>>,
    writer: Option<JoinHandle<Result<(), SinkError>>>,
    blobs: BTreeSet<Digest>,
}

/// Records between the run and the thread that writes them.
const QUEUE_RECORDS_MAX: usize = 16;

impl Stream {
    /// Writes to `out`. `sync` is called when all is written, to make it safe.
    #[expect(clippy::disallowed_methods, reason = "the thread writes in the order of the records")]
    pub fn new<W: Write + Send + 'static>(
        mut out: W,
        sync: impl FnOnce(&mut W) -> std::io::Result<()> + Send + 'static,
    ) -> Self {
        let (queue, records) = sync_channel::<Record>(QUEUE_RECORDS_MAX);
        let writer = std::thread::spawn(move || {
            // Ending early closes the queue: the run's next record fails.
            let write = move || -> std::io::Result<()> {
                let Ok(header) = records.recv() else { return Ok(()) };
                file::write_start(&mut out, Format::of_header(&header.bytes))?;
                file::write_record(&mut out, &header)?;
                for record in &records {
                    file::write_record(&mut out, &record)?;
                }
                out.flush()?;
                sync(&mut out)
            };
            write().map_err(|error| SinkError(error.to_string()))
        });
        Self { queue: Some(queue), writer: Some(writer), blobs: BTreeSet::new() }
    }
}

impl Sink for Stream {
    fn put(&mut self, record: Record) -> Result<(), SinkError> {
        if record.kind == RecordKind::Blob && !self.blobs.insert(record.check) {
            return Ok(());
        }
        match &self.queue {
            Some(queue) if queue.send(record).is_ok() => Ok(()),
            // The thread has ended; its result says why.
            _ => self.finish().and(Err(SinkError("the writer ended early".into()))),
        }
    }

    fn keeps(&self) -> Keep {
        Keep::All
    }

    fn finish(&mut self) -> Result<(), SinkError> {
        self.queue = None;
        match self.writer.take().map(JoinHandle::join) {
            Some(Ok(written)) => written,
            Some(Err(_)) => Err(SinkError("the writer panicked".into())),
            None => Ok(()),
        }
    }
}
