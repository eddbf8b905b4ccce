//! A sink that writes the trace file as the run goes.

use std::{
    collections::BTreeSet,
    io::Write,
    sync::mpsc::{SyncSender, sync_channel},
    thread::JoinHandle,
};

use invar_world::Digest;

use crate::{
    file,
    header::Format,
    sink::{Keep, Record, RecordKind, Sink, SinkError},
};

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
