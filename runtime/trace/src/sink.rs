//! Where the records of a trace go.

use invar_world::Digest;
use thiserror::Error;

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
