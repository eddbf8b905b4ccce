//! The trace file, and a whole trace in memory.
//!
//! A file is a magic, a version, and records: kind (1 byte), packed and raw length (4 bytes each, little
//! endian), check (32 bytes), and the record compressed with zstd. The check of header, frames and end is the
//! link of the chain that covers them; that of a blob is its digest. The end is the last record: a file
//! without it is torn.

use std::{
    collections::BTreeMap,
    fmt,
    io::{self, Write},
    sync::OnceLock,
};

use invar_world::{Digest, Tree};
use thiserror::Error;

use crate::{
    Chain, End, Ending, Event, EventError, Format, FunctionId, Header, Record, RecordKind,
    event::{FrameEvents, Payload},
    recorder::{EVENT_BYTES_MAX, FRAME_BYTES_MAX, records_of},
};

/// First bytes of every trace. Not text, and changed by transfers that take it for text.
const MAGIC: [u8; 8] = *b"\x89INVAR\r\n";
/// Bytes of magic and version.
const START_BYTES: usize = 12;
/// Bytes of a record before its content.
const RECORD_HEAD_BYTES: usize = 41;
/// Bytes of one record, unpacked: the largest file of a tree, and a little. Stops a file that unpacks to more
/// than fits in memory.
const RECORD_BYTES_MAX: usize = (256 << 20) + 4096;
/// Bytes of one frame, unpacked: what the recorder closes it before, and one event that is longer than its estimate.
/// Stops a frame that unpacks to millions of events.
const FRAME_READ_BYTES_MAX: usize = FRAME_BYTES_MAX + EVENT_BYTES_MAX;
/// Bytes of the end, unpacked: what a skill may have to say of its failure, and a little.
const END_READ_BYTES_MAX: usize = (64 << 20) + 4096;
/// Bytes of all frames, unpacked: the lab stops a run whose trace has 256 MiB, and the last frame may pass that. Stops
/// a file of many small frames that unpack to more than fits in memory.
const FRAMES_BYTES_MAX: usize = (256 << 20) + FRAME_READ_BYTES_MAX;
/// Events of one trace: the lab stops a run at five million calls. Stops a file whose events take an hour to read.
const EVENTS_MAX: u64 = 6_000_000;
/// Bytes of all records, unpacked: the files and the input that a run can begin with, and what it does. Stops a file
/// of many large records that unpack to more than fits in memory.
const TRACE_BYTES_MAX: usize = 1 << 30;
/// Fast, and close to what slower levels reach on data this small.
const ZSTD_LEVEL: i32 = 1;

/// Version of a file: its [`Format`], and what was added to that since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// Changes when older readers would misread.
    pub major: u16,
    /// Changes when something is added.
    pub minor: u16,
}

impl Version {
    /// What this version of Invar writes; a replay writes the format of its trace.
    pub const CURRENT: Self = Self { major: 2, minor: 0 };

    /// The format of a file of this version; none: it is not read.
    fn format(self) -> Option<Format> {
        Format::from_number(self.major).filter(|_| self.minor == 0)
    }
}

impl From<Format> for Version {
    fn from(format: Format) -> Self {
        Self { major: format.number(), minor: 0 }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// A file that is not a whole trace of a version we read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TraceError {
    /// Something else altogether.
    #[error("not a trace: the first bytes are not those of one")]
    Foreign,
    /// Written by a newer Invar.
    #[error("the trace has format {0}, this invar reads up to {max}; use a newer invar", max = Version::CURRENT)]
    Newer(Version),
    /// Of a major version that is not read any more.
    #[error("the trace has format {0}, this invar reads 1.0 and {current}; use an older invar", current = Version::CURRENT)]
    TooOld(Version),
    /// The file ends early.
    #[error("the trace is torn at byte {at}: {events} events before it are whole; record the run again")]
    Torn {
        /// Where the last whole record ends.
        at: usize,
        /// Events in whole frames.
        events: u64,
    },
    /// A record is not the one that was written.
    #[error("the trace was changed: {what} at byte {at}")]
    Changed {
        /// Where the record begins.
        at: usize,
        /// What does not hold.
        what: String,
    },
    /// Content that the trace refers to is not in it.
    #[error("the trace lacks content {0} that it refers to")]
    MissingBlob(Digest),
    /// An event cannot be read.
    #[error(transparent)]
    Event(#[from] EventError),
}

/// The first record. Most traces of a search are never asked for it, so it is read on demand.
#[derive(Debug, Clone)]
struct HeaderRecord {
    bytes: Vec<u8>,
    header: OnceLock<Option<Header>>,
}

impl HeaderRecord {
    fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, header: OnceLock::new() }
    }

    fn read(&self) -> Option<&Header> {
        self.header.get_or_init(|| Header::from_cbor(&self.bytes).ok()).as_ref()
    }
}

/// A whole trace in memory.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    header: Option<HeaderRecord>,
    blobs: BTreeMap<Digest, Vec<u8>>,
    manifest: Option<Vec<u8>>,
    frames: Vec<Vec<u8>>,
    end: Option<(End, Vec<u8>)>,
    head: Option<Digest>,
}

impl Trace {
    /// The inputs of the run.
    ///
    /// # Errors
    /// The trace holds nothing yet.
    pub fn header(&self) -> Result<&Header, TraceError> {
        self.header.as_ref().and_then(HeaderRecord::read).ok_or(TraceError::Torn { at: 0, events: 0 })
    }

    /// What the run came to.
    ///
    /// # Errors
    /// The run has not ended.
    pub fn end(&self) -> Result<&End, TraceError> {
        self.end.as_ref().map(|(end, _)| end).ok_or(TraceError::Torn { at: 0, events: 0 })
    }

    /// The head of the chain: equal for equal traces.
    #[must_use]
    pub fn head(&self) -> Option<Digest> {
        self.head
    }

    /// The events, in order.
    pub fn events(&self) -> impl Iterator<Item = Result<Event<'_>, EventError>> {
        self.frames.iter().flat_map(|frame| {
            let (events, error) = match FrameEvents::new(frame) {
                Ok(events) => (Some(events), None),
                Err(error) => (None, Some(Err(error))),
            };
            events.into_iter().flatten().chain(error)
        })
    }

    /// The events of one frame, counted from 0; none: there are no more frames.
    pub(crate) fn frame(&self, index: usize) -> Option<Result<FrameEvents<'_>, EventError>> {
        self.frames.get(index).map(|frame| FrameEvents::new(frame))
    }

    /// The CBOR of a value.
    ///
    /// # Errors
    /// It is kept as a blob and the blob is missing.
    pub fn value<'a>(&'a self, payload: Payload<'a>) -> Result<&'a [u8], TraceError> {
        match payload {
            Payload::Inline(bytes) => Ok(bytes),
            Payload::Blob { digest, .. } => self.blob(digest),
        }
    }

    /// Content by its digest.
    ///
    /// # Errors
    /// It is not in the trace.
    pub fn blob(&self, digest: Digest) -> Result<&[u8], TraceError> {
        self.blobs.get(&digest).map(Vec::as_slice).ok_or(TraceError::MissingBlob(digest))
    }

    /// The files the run began with.
    ///
    /// # Errors
    /// They are not in the trace, as those of a live run, or are not those of the header.
    pub fn files(&self) -> Result<Tree, TraceError> {
        let changed = |what: String| TraceError::Changed { at: 0, what };
        let manifest =
            self.manifest.as_ref().ok_or_else(|| changed("the initial files are missing".into()))?;
        let tree = Tree::from_manifest(manifest, |digest| self.blobs.get(&digest).cloned())
            .map_err(|error| changed(error.to_string()))?;
        let of_header = self.header()?.lab().map(|lab| lab.files);
        match of_header.is_none_or(|files| files == tree.digest()) {
            true => Ok(tree),
            false => Err(changed("the initial files are not those of the header".into())),
        }
    }

    /// What the run was given to read.
    ///
    /// # Errors
    /// It is not in the trace.
    pub fn input(&self) -> Result<&[u8], TraceError> {
        self.blob(self.header()?.input)
    }

    /// Adds what a replay begins with to a trace that was kept without it.
    pub fn complete(&mut self, files: &Tree, input: &[u8]) {
        records_of(Some(files), input).into_iter().for_each(|record| self.push(record));
    }

    /// Adds what a replay begins with from the trace that it began with.
    pub fn begin_as(&mut self, other: &Self) {
        self.manifest.clone_from(&other.manifest);
        for (digest, bytes) in &other.blobs {
            self.blobs.entry(*digest).or_insert_with(|| bytes.clone());
        }
    }

    /// Takes a record as the recorder makes it.
    pub(crate) fn push(&mut self, record: Record) {
        match record.kind {
            RecordKind::Header => self.header = Some(HeaderRecord::new(record.bytes)),
            RecordKind::Blob => {
                self.blobs.insert(record.check, record.bytes);
            }
            RecordKind::Frame => self.frames.push(record.bytes),
            RecordKind::Files => self.manifest = Some(record.bytes),
            RecordKind::End => {
                self.end = minicbor::decode(&record.bytes).ok().map(|end| (end, record.bytes));
                self.head = Some(record.check);
            }
        }
    }

    /// Bytes of memory that its records take.
    #[must_use]
    pub fn size(&self) -> usize {
        let blobs: usize = self.blobs.values().map(Vec::len).sum();
        let frames: usize = self.frames.iter().map(Vec::len).sum();
        blobs + frames + self.manifest.as_ref().map_or(0, Vec::len)
    }

    /// Whether every link of the hash chain is what its records make it, up to the head that the recorder came to.
    #[must_use]
    pub fn chain_holds(&self) -> bool {
        let (Some(header), Some((_, end)), Some(head)) = (&self.header, &self.end, self.head) else {
            return false;
        };
        let mut chain = Chain::start(&header.bytes);
        for frame in &self.frames {
            chain.extend(RecordKind::Frame.number(), frame);
        }
        chain.extend(RecordKind::End.number(), end) == head
    }

    /// Writes the file.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let header = self.header.as_ref().map_or([].as_slice(), |header| &header.bytes);
        let format = match header {
            [] => Format::default(),
            header => Format::of_header(header),
        };
        let mut chain = Chain::start(header);
        write_start(out, format)?;
        write_packed(out, RecordKind::Header, chain.head(), header)?;
        for (digest, bytes) in &self.blobs {
            write_packed(out, RecordKind::Blob, *digest, bytes)?;
        }
        if let Some(manifest) = &self.manifest {
            write_packed(out, RecordKind::Files, Digest::of(manifest), manifest)?;
        }
        for frame in &self.frames {
            let check = chain.extend(RecordKind::Frame.number(), frame);
            write_packed(out, RecordKind::Frame, check, frame)?;
        }
        if let Some((_, bytes)) = &self.end {
            let check = chain.extend(RecordKind::End.number(), bytes);
            write_packed(out, RecordKind::End, check, bytes)?;
        }
        Ok(())
    }

    /// Reads a file whole: every record, every link of the chain, every digest, and that nothing is missing.
    ///
    /// # Errors
    /// See [`TraceError`].
    pub fn read(file: &[u8]) -> Result<Self, TraceError> {
        let mut reader = Reader { file, at: START_BYTES, events: 0, unpacked: 0, frames: 0 };
        let format = reader.check_start()?;
        let mut trace = Self::default();
        let mut chain: Option<Chain> = None;
        while trace.end.is_none() {
            let at = reader.at;
            let record = reader.record()?;
            let changed = |what: &str| TraceError::Changed { at, what: what.to_owned() };
            let check = match (record.kind, &mut chain) {
                (RecordKind::Header, None) => chain.insert(Chain::start(&record.bytes)).head(),
                (RecordKind::Header, Some(_)) => return Err(changed("a second header")),
                (_, None) => return Err(changed("no header")),
                (RecordKind::Blob | RecordKind::Files, Some(_)) => Digest::of(&record.bytes),
                (kind, Some(chain)) => chain.extend(kind.number(), &record.bytes),
            };
            if check != record.check {
                return Err(changed("the chain does not hold"));
            }
            if record.kind == RecordKind::Frame {
                for event in FrameEvents::new(&record.bytes)? {
                    let event = event?;
                    if event.number != reader.events {
                        return Err(changed("events are not numbered in order"));
                    }
                    if event.number >= EVENTS_MAX {
                        return Err(changed("more events than a run can have"));
                    }
                    reader.events += 1;
                }
            }
            if record.kind == RecordKind::Header {
                match Header::from_cbor(&record.bytes) {
                    Ok(header) if header.format == format => {}
                    Ok(header) => {
                        return Err(changed(&format!(
                            "a file of format {format} with a header of {}",
                            header.format
                        )));
                    }
                    Err(error) => return Err(changed(&format!("its header cannot be read ({error})"))),
                }
            }
            trace.push(record);
        }
        if reader.at != file.len() {
            return Err(TraceError::Changed { at: reader.at, what: "something follows the end".into() });
        }
        trace.check_whole(reader.events)?;
        Ok(trace)
    }

    /// The end counts what is there, and everything referred to is there.
    fn check_whole(&self, events: u64) -> Result<(), TraceError> {
        let header = self.header()?;
        if self.end()?.events != events {
            return Err(TraceError::Changed { at: 0, what: "the end counts other events".into() });
        }
        self.blob(header.input)?;
        if header.lab().is_some() {
            self.files()?;
        }
        let mut last = None;
        for event in self.events() {
            let event = event?;
            for payload in [Some(event.request), event.answer].into_iter().flatten() {
                self.value(payload)?;
            }
            if last.is_some_and(|last| last == FunctionId::END) {
                return Err(TraceError::Changed { at: 0, what: "events follow the end of the run".into() });
            }
            last = Some(event.function);
            if event.function == FunctionId::END {
                self.check_end(&event)?;
            }
        }
        match last {
            Some(FunctionId::END) => Ok(()),
            _ => Err(TraceError::Changed { at: 0, what: "the last event is not the end of the run".into() }),
        }
    }

    /// The end is recorded twice, by the last event and by the record that sums up the run. A replay would make both the same:
    /// a file in which they differ was made by hand.
    fn check_end(&self, event: &Event<'_>) -> Result<(), TraceError> {
        let end = self.end()?;
        let other = |what: &str| {
            let what = format!("the end tells of another {what} than the last event");
            Err(TraceError::Changed { at: 0, what })
        };
        match Ending::from_cbor(self.value(event.request)?) {
            Ok(ending) if ending == end.ending => {}
            _ => return other("ending"),
        }
        match () {
            () if event.fuel != end.fuel => other("use of fuel"),
            () if event.time_ns != end.virtual_ns => other("time"),
            () => Ok(()),
        }
    }
}

/// Bytes that a record of that kind unpacks to at most.
fn bytes_max(kind: RecordKind) -> usize {
    match kind {
        RecordKind::Frame => FRAME_READ_BYTES_MAX,
        RecordKind::End => END_READ_BYTES_MAX,
        RecordKind::Header | RecordKind::Blob | RecordKind::Files => RECORD_BYTES_MAX,
    }
}

pub(crate) fn write_start(out: &mut impl Write, format: Format) -> io::Result<()> {
    let version = Version::from(format);
    out.write_all(&MAGIC)?;
    out.write_all(&version.major.to_le_bytes())?;
    out.write_all(&version.minor.to_le_bytes())
}

pub(crate) fn write_record(out: &mut impl Write, record: &Record) -> io::Result<()> {
    write_packed(out, record.kind, record.check, &record.bytes)
}

fn write_packed(out: &mut impl Write, kind: RecordKind, check: Digest, bytes: &[u8]) -> io::Result<()> {
    let too_large = |_| io::Error::other("a record is too large");
    let packed = zstd::bulk::compress(bytes, ZSTD_LEVEL)?;
    out.write_all(&[kind.number()])?;
    out.write_all(&u32::try_from(packed.len()).map_err(too_large)?.to_le_bytes())?;
    out.write_all(&u32::try_from(bytes.len()).map_err(too_large)?.to_le_bytes())?;
    out.write_all(&check.0)?;
    out.write_all(&packed)
}

struct Reader<'a> {
    file: &'a [u8],
    at: usize,
    events: u64,
    unpacked: usize,
    /// Of that, in frames.
    frames: usize,
}

impl Reader<'_> {
    fn check_start(&self) -> Result<Format, TraceError> {
        let magic = self.file.get(..MAGIC.len());
        if magic != Some(&MAGIC) {
            return match MAGIC.starts_with(self.file) && !self.file.is_empty() {
                true => Err(TraceError::Torn { at: 0, events: 0 }),
                false => Err(TraceError::Foreign),
            };
        }
        let Some(&[a, b, c, d]) = self.file.get(MAGIC.len()..START_BYTES) else {
            return Err(TraceError::Torn { at: 0, events: 0 });
        };
        let version = Version { major: u16::from_le_bytes([a, b]), minor: u16::from_le_bytes([c, d]) };
        match version.format() {
            Some(format) => Ok(format),
            None if version.major == 0 => Err(TraceError::TooOld(version)),
            None => Err(TraceError::Newer(version)),
        }
    }

    fn record(&mut self) -> Result<Record, TraceError> {
        let start = self.at;
        let torn = TraceError::Torn { at: start, events: self.events };
        let changed = |what: &str| TraceError::Changed { at: start, what: what.to_owned() };
        let Some((head, rest)) = self.file[start..].split_at_checked(RECORD_HEAD_BYTES) else {
            return Err(torn);
        };
        let length = |at: usize| {
            let bytes = [head[at], head[at + 1], head[at + 2], head[at + 3]];
            u32::from_le_bytes(bytes) as usize
        };
        let (packed, raw) = (length(1), length(5));
        let kind = RecordKind::from_number(head[0]).ok_or_else(|| changed("a record of an unknown kind"))?;
        let mut check = [0; 32];
        check.copy_from_slice(&head[9..RECORD_HEAD_BYTES]);
        self.unpacked = self.unpacked.saturating_add(raw);
        if kind == RecordKind::Frame {
            self.frames = self.frames.saturating_add(raw);
        }
        // What is unpacked is as long as is said here, or refused while it is unpacked.
        if raw > bytes_max(kind) || self.unpacked > TRACE_BYTES_MAX || self.frames > FRAMES_BYTES_MAX {
            return Err(changed("a record larger than a record can be"));
        }
        let Some(packed) = rest.get(..packed) else { return Err(torn) };
        let bytes =
            zstd::bulk::decompress(packed, raw).map_err(|_| changed("a record that does not unpack"))?;
        if bytes.len() != raw {
            return Err(changed("a record of another length"));
        }
        self.at += RECORD_HEAD_BYTES + packed.len();
        Ok(Record { kind, check: Digest(check), bytes })
    }
}

#[cfg(test)]
mod tests {
    use invar_envelope::MissingPermission;
    use invar_world::{Digest, Timestamp, Tree};
    use proptest::prelude::*;

    use super::{Trace, TraceError, Version};
    use crate::{
        Decision, End, Ending, FunctionId, Keep, Memory, Payload, Record, RecordKind, Recorder, Sink, Stream,
        Subject, Verdict, Want, Writer,
        functions::{filesystem, monotonic_clock},
        testing::{self, header},
    };

    /// A short run: a clock, a large write, a violation.
    fn record(sink: Box<dyn crate::Sink>, events: u64) -> Digest {
        let mut tree = Tree::new(Timestamp(0));
        tree.put_file("/a", b"hello", Timestamp(0)).unwrap();
        let mut recorder = Recorder::new(&header(&tree, b""), sink);
        recorder.begin_with(Some(&tree), b"");
        for number in 0..events {
            let event =
                recorder.begin_event(monotonic_clock::NOW, number * 10, number * 20, |out| out.array(0));
            recorder.end_event(event, None, Some(|out: &mut Writer<'_>| out.unsigned(number)));
        }
        let (fuel, time_ns) = (events * 10 + 1, events * 20 + 1);
        let event = recorder.begin_event(filesystem::DESCRIPTOR_WRITE, fuel, time_ns, |out| {
            out.bytes(&[7; 5000]);
        });
        let missing = MissingPermission { key: "files.write".into(), value: "/x".into() };
        let violation = Decision {
            want: Want::Write,
            subject: Some(Subject::One("/x".into())),
            verdict: Verdict::Violation(missing),
        };
        recorder.end_event(event, Some(&violation), None::<fn(&mut Writer<'_>)>);
        let end = End {
            ending: Ending::Limit("file bytes".into()),
            fuel: events * 10 + 2,
            virtual_ns: events * 20 + 2,
            ..testing::end(&tree)
        };
        recorder.finish(end).unwrap().0
    }

    fn sample(events: u64) -> (Trace, Vec<u8>) {
        let memory = Memory::new(Keep::All);
        let head = record(Box::new(memory.clone()), events);
        let trace = memory.take();
        assert_eq!(trace.head(), Some(head));
        let mut file = Vec::new();
        trace.write(&mut file).unwrap();
        (trace, file)
    }

    #[test]
    fn written_and_read_again_is_the_same() {
        let (trace, file) = sample(9000);
        let again = Trace::read(&file).unwrap();
        assert_eq!(again.head(), trace.head());
        let (one, two): (Vec<_>, Vec<_>) = (trace.events().collect(), again.events().collect());
        assert_eq!(one, two);
        assert_eq!(one.len(), 9002);
        let event = one[8999].as_ref().unwrap();
        assert_eq!((event.number, event.fuel, event.time_ns), (8999, 89_990, 179_980));
        let write = one[9000].as_ref().unwrap();
        assert!(matches!(write.request, Payload::Blob { bytes: 5003, .. }), "{write:?}");
        assert!(trace.value(write.request).unwrap().ends_with(&[7; 100]));
        assert_eq!(write.answer, None);
        assert_eq!(one[9001].as_ref().unwrap().function, FunctionId::END);
        assert_eq!(again.files().unwrap().digest(), trace.header().unwrap().lab().unwrap().files);
    }

    #[test]
    fn a_streamed_trace_reads_as_one_kept_in_memory() {
        let (trace, _) = sample(9000);
        let file = tempfile();
        let out = file.clone();
        let stream = Stream::new(out, |_| Ok(()));
        record(Box::new(stream), 9000);
        let bytes = file.0.lock().unwrap().clone();
        assert_eq!(Trace::read(&bytes).unwrap().head(), trace.head());
    }

    #[test]
    fn a_disk_that_fails_fails_the_run() {
        struct Full;
        impl std::io::Write for Full {
            fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
                Err(std::io::Error::other("disk full"))
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let mut sink = Stream::new(Full, |_| Ok(()));
        let header = header(&Tree::new(Timestamp(0)), b"").to_cbor();
        let record = Record { kind: RecordKind::Header, check: Digest::of(&header), bytes: header };
        let error = sink.put(record).and_then(|()| sink.finish()).unwrap_err();
        assert_eq!(error.to_string(), "the trace cannot be written: disk full");
    }

    #[test]
    fn a_file_torn_at_any_byte_of_its_last_records_is_said_to_be_torn() {
        let (_, file) = sample(3);
        for cut in 1..file.len() {
            let error = Trace::read(&file[..cut]).unwrap_err();
            assert!(matches!(error, TraceError::Torn { .. }), "cut at {cut}: {error}");
        }
        assert_eq!(Trace::read(&[]).unwrap_err(), TraceError::Foreign);
    }

    #[test]
    fn every_flipped_bit_is_noticed_unless_what_unpacks_is_the_same() {
        let (trace, file) = sample(3);
        for at in 0..file.len() {
            let mut flipped = file.clone();
            flipped[at] ^= 1 << (at % 8);
            // The compressed form has a few bits that say nothing.
            if let Ok(read) = Trace::read(&flipped) {
                assert_eq!((read.head(), read.blobs), (trace.head(), trace.blobs.clone()), "byte {at}");
            }
        }
    }

    #[test]
    fn other_versions_are_refused_by_name() {
        let (_, file) = sample(1);
        let with = |major: u16, minor: u16| {
            let mut file = file.clone();
            file[8..10].copy_from_slice(&major.to_le_bytes());
            file[10..12].copy_from_slice(&minor.to_le_bytes());
            Trace::read(&file).unwrap_err()
        };
        assert_eq!(with(1, 1), TraceError::Newer(Version { major: 1, minor: 1 }));
        assert_eq!(with(2, 1), TraceError::Newer(Version { major: 2, minor: 1 }));
        assert_eq!(with(3, 0), TraceError::Newer(Version { major: 3, minor: 0 }));
        assert!(matches!(with(1, 0), TraceError::Changed { .. }), "its header is not of that format");
        assert_eq!(with(0, 9), TraceError::TooOld(Version { major: 0, minor: 9 }));
        assert_eq!(Trace::read(b"PK\x03\x04 some zip").unwrap_err(), TraceError::Foreign);
    }

    #[test]
    fn something_after_the_end_is_noticed() {
        let (_, mut file) = sample(1);
        file.push(0);
        assert!(matches!(Trace::read(&file), Err(TraceError::Changed { .. })));
    }

    /// The sample with its frames, or its end, changed, and a valid chain.
    fn forged(change: impl FnOnce(&mut Trace)) -> Vec<u8> {
        let (mut trace, _) = sample(3);
        change(&mut trace);
        let mut file = Vec::new();
        trace.write(&mut file).unwrap();
        file
    }

    fn end(change: impl FnOnce(&mut End)) -> Vec<u8> {
        forged(|trace| {
            let (mut end, _) = trace.end.take().unwrap();
            change(&mut end);
            let bytes = minicbor::to_vec(&end).unwrap();
            trace.end = Some((end, bytes));
        })
    }

    #[test]
    fn an_end_that_the_events_do_not_come_to_is_refused() {
        let what = |file: Vec<u8>| match Trace::read(&file) {
            Err(TraceError::Changed { what, .. }) => what,
            other => panic!("{other:?}"),
        };
        assert_eq!(Trace::read(&end(|_| {})).unwrap().head(), sample(3).0.head());
        let ending = what(end(|end| end.ending = Ending::Exited(0)));
        assert_eq!(ending, "the end tells of another ending than the last event");
        let fuel = what(end(|end| end.fuel += 1));
        assert_eq!(fuel, "the end tells of another use of fuel than the last event");
        let time = what(end(|end| end.virtual_ns -= 1));
        assert_eq!(time, "the end tells of another time than the last event");
        assert_eq!(what(end(|end| end.events += 1)), "the end counts other events");
        // Without its last event, and with one behind it.
        let without = forged(|trace| {
            trace.frames = vec![frame(3)];
            let (mut end, _) = trace.end.take().unwrap();
            end.events = 3;
            let bytes = minicbor::to_vec(&end).unwrap();
            trace.end = Some((end, bytes));
        });
        assert_eq!(what(without), "the last event is not the end of the run");
    }

    /// A frame with so many calls of a clock.
    fn frame(events: usize) -> Vec<u8> {
        let mut frame = Vec::new();
        let mut out = Writer::new(&mut frame);
        out.array(3);
        (0..3).for_each(|_| out.unsigned(0));
        for _ in 0..events {
            let mut out = Writer::new(&mut frame);
            out.array(6);
            out.unsigned(u64::from(monotonic_clock::NOW.0));
            out.unsigned(0);
            out.unsigned(0);
            out.array(0);
            out.unsigned(0);
            out.unsigned(0);
        }
        frame
    }

    #[test]
    fn a_frame_that_unpacks_to_more_than_a_frame_is_refused_before_it_is_unpacked() {
        // 10 MiB of events pack to less than 2 KiB.
        let file = forged(|trace| trace.frames = vec![frame(1_200_000)]);
        assert!(file.len() < 20_000, "{}", file.len());
        let error = Trace::read(&file).unwrap_err();
        assert!(error.to_string().contains("larger than a record can be"), "{error}");
        // One that says to be short is not unpacked past that.
        let length = u32::try_from(frame(1_200_000).len()).unwrap().to_le_bytes();
        let at = file.windows(4).position(|window| window == length).unwrap();
        let mut lying = file.clone();
        lying[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
        let error = Trace::read(&lying).unwrap_err();
        assert!(error.to_string().contains("does not unpack"), "{error}");
    }

    #[test]
    fn a_failure_of_many_words_is_kept_beside_the_frame_and_comes_back() {
        let memory = Memory::new(Keep::All);
        let trace = {
            let (sample, _) = sample(1);
            let mut header = sample.header().unwrap().clone();
            header.limits.fuel = 5;
            let mut recorder = Recorder::new(&header, Box::new(memory.clone()));
            recorder.begin_with(Some(&sample.files().unwrap()), b"");
            let end =
                End { ending: Ending::Failed(Some("x".repeat(200_000))), ..sample.end().unwrap().clone() };
            recorder.finish(end).unwrap();
            memory.take()
        };
        let mut file = Vec::new();
        trace.write(&mut file).unwrap();
        let again = Trace::read(&file).unwrap();
        let event = again.events().last().unwrap().unwrap();
        assert!(matches!(event.request, Payload::Blob { .. }));
        assert_eq!(
            Ending::from_cbor(again.value(event.request).unwrap()).unwrap(),
            again.end().unwrap().ending
        );
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut file = super::MAGIC.to_vec();
            file.extend([2, 0, 0, 0]);
            file.extend(bytes);
            prop_assert!(Trace::read(&file).is_err());
        }
    }

    /// A file in memory that outlives its writer.
    #[derive(Clone)]
    struct Shared(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

    fn tempfile() -> Shared {
        Shared(std::sync::Arc::default())
    }

    impl std::io::Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
}
