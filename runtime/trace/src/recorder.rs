//! Writing events: the hot path of every host call.

use invar_world::{Digest, Tree};

use crate::{
    Chain, Decision, End, Format, FunctionId, Header,
    cbor::Writer,
    event::{BLOB_TAG, encode_decision},
    sink::{Keep, Record, RecordKind, Sink, SinkError},
};

/// A request or an answer larger than this stands in the trace as a blob, once a content.
pub const INLINE_BYTES_MAX: usize = 1024;
/// A frame is closed before it can grow past this.
pub(crate) const FRAME_BYTES_MAX: usize = 64 << 10;
/// What one event can add: two inline values, the decision with two paths and its line, and the numbers.
pub(crate) const EVENT_BYTES_MAX: usize = 2 * INLINE_BYTES_MAX + 4 * 4096 + 64;

/// Writes the events of one run and chains them.
///
/// A call is written in two steps, in the order in which its parts are known: [`Recorder::begin_event`] with the
/// stamps and the request, and [`Recorder::end_event`] with the decision and the answer.
pub struct Recorder {
    frame: Vec<u8>,
    events: u64,
    fuel: u64,
    time_ns: u64,
    /// Whether an event was begun and not ended.
    is_open: bool,
    chain: Chain,
    format: Format,
    sink: Box<dyn Sink>,
    /// Bytes of what the run did, in the records so far: the same whatever the sink keeps.
    bytes: u64,
    failure: Option<SinkError>,
}

/// An event that was begun. It is handed back to [`Recorder::end_event`].
///
/// The recorder ends an event whose token was dropped without an answer, before it writes anything else.
#[must_use = "an event that was begun must be ended"]
#[derive(Debug)]
pub struct OpenEvent(u64);

impl OpenEvent {
    /// Number of the event, from 0.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.0
    }
}

/// The records of input and initial files; a live run begins with none of its files in its trace.
pub(crate) fn records_of(files: Option<&Tree>, input: &[u8]) -> Vec<Record> {
    let blob = |check, bytes| Record { kind: RecordKind::Blob, check, bytes };
    let mut records = vec![blob(Digest::of(input), input.to_vec())];
    if let Some(files) = files {
        let manifest = files.to_manifest(|digest, content| records.push(blob(digest, content.to_vec())));
        records.push(Record { kind: RecordKind::Files, check: Digest::of(&manifest), bytes: manifest });
    }
    records
}

impl Recorder {
    /// Begins a trace.
    pub fn new(header: &Header, mut sink: Box<dyn Sink>) -> Self {
        let bytes = header.to_cbor();
        let chain = Chain::start(&bytes);
        let failure = sink.put(Record { kind: RecordKind::Header, check: chain.head(), bytes }).err();
        let mut recorder = Self {
            frame: Vec::with_capacity(4096),
            events: 0,
            fuel: 0,
            time_ns: 0,
            is_open: false,
            chain,
            format: header.format,
            sink,
            bytes: 0,
            failure,
        };
        recorder.begin_frame();
        recorder
    }

    /// By which rules the run is recorded.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// Events so far.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.events
    }

    /// Bytes that the run has made so far, before packing. What it began with does not count, nor whether the
    /// sink keeps any of it: a limit on them must stop a run and its replay at the same call.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes + self.frame.len() as u64
    }

    /// Begins an event. `fuel` is what the run has used, `time_ns` the virtual time since its start; `request`
    /// writes the request.
    #[inline]
    pub fn begin_event(
        &mut self,
        function: FunctionId,
        fuel: u64,
        time_ns: u64,
        request: impl FnOnce(&mut Writer<'_>),
    ) -> OpenEvent {
        self.end_dropped_event();
        self.is_open = true;
        let (fuel_step, time_step) = (fuel.saturating_sub(self.fuel), time_ns.saturating_sub(self.time_ns));
        (self.fuel, self.time_ns) = (fuel, time_ns);
        let mut out = Writer::new(&mut self.frame);
        out.array(6);
        out.unsigned(u64::from(function.0));
        out.unsigned(fuel_step);
        out.unsigned(time_step);
        self.value(request);
        OpenEvent(self.events)
    }

    /// Ends an event; `answer` writes the answer, or nothing came of the call.
    #[inline]
    pub fn end_event(
        &mut self,
        event: OpenEvent,
        decision: Option<&Decision>,
        answer: Option<impl FnOnce(&mut Writer<'_>)>,
    ) {
        let OpenEvent(number) = event;
        debug_assert!(self.is_open && number == self.events, "event {number} is not the one that is open");
        self.close(decision, answer);
    }

    /// Ends an event whose token was dropped, as when a host function panicked, so that those around it stay
    /// readable.
    fn end_dropped_event(&mut self) {
        if self.is_open {
            self.close(None, None::<fn(&mut Writer<'_>)>);
        }
    }

    /// Writes a request or an answer; if it is large, its digest, and the value becomes a blob.
    #[inline]
    fn value(&mut self, write: impl FnOnce(&mut Writer<'_>)) {
        let start = self.frame.len();
        write(&mut Writer::new(&mut self.frame));
        if self.frame.len() - start > INLINE_BYTES_MAX {
            self.move_out(start);
        }
    }

    /// Makes a blob of what was written from `start` on.
    fn move_out(&mut self, start: usize) {
        let len = self.frame.len() - start;
        let digest = Digest::of(&self.frame[start..]);
        self.bytes += len as u64;
        if self.sink.keeps() >= Keep::Events {
            self.put(RecordKind::Blob, digest, self.frame[start..].to_vec());
        }
        self.frame.truncate(start);
        let mut out = Writer::new(&mut self.frame);
        out.tag(BLOB_TAG);
        out.array(2);
        out.bytes(&digest.0);
        out.unsigned(len as u64);
    }

    #[inline]
    fn close(&mut self, decision: Option<&Decision>, answer: Option<impl FnOnce(&mut Writer<'_>)>) {
        encode_decision(decision, &mut Writer::new(&mut self.frame));
        match answer {
            Some(answer) => self.value(answer),
            None => Writer::new(&mut self.frame).undefined(),
        }
        self.events += 1;
        self.is_open = false;
        if self.frame.len() > FRAME_BYTES_MAX - EVENT_BYTES_MAX {
            self.end_frame();
            self.frame = Vec::with_capacity(FRAME_BYTES_MAX);
            self.begin_frame();
        }
    }

    /// Keeps what a replay begins with, if the sink keeps all: the input, and the initial files of a lab.
    pub fn begin_with(&mut self, files: Option<&Tree>, input: &[u8]) {
        if self.sink.keeps() == Keep::All {
            for record in records_of(files, input) {
                self.put(record.kind, record.check, record.bytes);
            }
        }
    }

    /// The first thing that could not be written. The run must not go on.
    pub fn failure(&self) -> Option<&SinkError> {
        self.failure.as_ref()
    }

    /// Writes the end, as an event and as a separate record; returns the head of the chain.
    ///
    /// # Errors
    /// Something, now or earlier, could not be written: the run's result must not be released.
    pub fn finish(mut self, mut end: End) -> Result<(Digest, End), SinkError> {
        let ending = minicbor::to_vec(&end.ending).unwrap_or_default(); // writing to memory cannot fail
        // The text of a failure may be long: then it is a blob, as every other value.
        let event = self.begin_event(FunctionId::END, end.fuel, end.virtual_ns, |out| out.raw(&ending));
        self.end_event(event, None, None::<fn(&mut Writer<'_>)>);
        end.events = self.events;
        self.end_frame();
        let bytes = minicbor::to_vec(&end).unwrap_or_default(); // writing to memory cannot fail
        let head = self.chain.extend(RecordKind::End.number(), &bytes);
        self.put(RecordKind::End, head, bytes);
        match self.failure {
            Some(failure) => Err(failure),
            None => self.sink.finish().map(|()| (head, end)),
        }
    }

    /// A frame begins with the numbers its differences count from, so that it can be read alone.
    fn begin_frame(&mut self) {
        let mut out = Writer::new(&mut self.frame);
        out.array(3);
        out.unsigned(self.events);
        out.unsigned(self.fuel);
        out.unsigned(self.time_ns);
    }

    fn end_frame(&mut self) {
        let check = self.chain.extend(RecordKind::Frame.number(), &self.frame);
        let frame = std::mem::take(&mut self.frame);
        self.bytes += frame.len() as u64;
        self.put(RecordKind::Frame, check, frame);
    }

    fn put(&mut self, kind: RecordKind, check: Digest, bytes: Vec<u8>) {
        if self.failure.is_none() {
            self.failure = self.sink.put(Record { kind, check, bytes }).err();
        }
    }
}

#[cfg(test)]
mod tests {
    use invar_world::{Timestamp, Tree};

    use crate::{
        Discard, End, Keep, Memory, Recorder, Sink, Stream, Writer,
        functions::filesystem,
        testing::{end, header},
    };

    #[test]
    fn bytes_are_counted_the_same_whatever_is_kept() {
        let mut files = Tree::new(Timestamp(0));
        files.put_file("/large", &vec![7; 1 << 20], Timestamp(0)).unwrap();
        let count = |sink: Box<dyn Sink>| {
            let mut recorder = Recorder::new(&header(&files, b""), sink);
            recorder.begin_with(Some(&files), &[7; 5000]);
            for _ in 0..100 {
                let event =
                    recorder.begin_event(filesystem::DESCRIPTOR_WRITE, 0, 0, |out| out.bytes(&[7; 1000]));
                recorder.end_event(event, None, Some(|out: &mut Writer<'_>| out.bytes(&[7; 5000])));
            }
            recorder.bytes()
        };
        let all = count(Box::new(Memory::new(Keep::All)));
        assert!((600_000..620_000).contains(&all), "{all}");
        assert_eq!(count(Box::new(Memory::new(Keep::Events))), all);
        assert_eq!(count(Box::new(Discard)), all);
        assert_eq!(count(Box::new(Stream::new(std::io::sink(), |_| Ok(())))), all);
    }

    #[test]
    fn an_event_that_is_dropped_is_ended_without_an_answer() {
        let files = Tree::new(Timestamp(0));
        let memory = Memory::new(Keep::All);
        let mut recorder = Recorder::new(&header(&files, b""), Box::new(memory.clone()));
        recorder.begin_with(Some(&files), b"");
        drop(recorder.begin_event(filesystem::DESCRIPTOR_WRITE, 1, 1, |out| out.unsigned(7)));
        let event = recorder.begin_event(filesystem::DESCRIPTOR_READ, 2, 2, |out| out.unsigned(8));
        assert_eq!(event.number(), 1);
        recorder.end_event(event, None, Some(|out: &mut Writer<'_>| out.unsigned(9)));
        recorder.finish(End { fuel: 3, virtual_ns: 3, ..end(&files) }).unwrap();
        let trace = memory.take();
        let answers: Vec<bool> = trace.events().map(|event| event.unwrap().answer.is_some()).collect();
        assert_eq!(answers[..2], [false, true]);
        assert_eq!(trace.end().unwrap().events, 3);
    }
}
