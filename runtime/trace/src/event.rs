//! Reading events back.

use std::fmt;

use invar_envelope::MissingPermission;
use invar_world::Digest;
use minicbor::{Decoder, data::Type as CborType};
use thiserror::Error;

use crate::{FunctionId, cbor::Writer};

/// The CBOR tag of a value that is kept as a blob: `[digest, bytes]`.
pub(crate) const BLOB_TAG: u64 = 0x494e;

/// One host call of a run, or its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Event<'a> {
    /// From 0.
    pub number: u64,
    /// What was called.
    pub function: FunctionId,
    /// Fuel used since the start of the run.
    pub fuel: u64,
    /// Virtual time since the start of the run, in nanoseconds.
    pub time_ns: u64,
    /// The arguments: a CBOR array.
    pub request: Payload<'a>,
    /// The decision of the envelope; none if the call needs none.
    pub decision: Option<Decision>,
    /// The answer; none if the call stopped the run.
    pub answer: Option<Payload<'a>>,
}

/// A value in a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payload<'a> {
    /// The CBOR itself.
    Inline(&'a [u8]),
    /// CBOR kept as a blob.
    Blob {
        /// SHA-256 of it.
        digest: Digest,
        /// Bytes of it.
        bytes: u64,
    },
}

/// What a call is about, after paths are resolved and names normalised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A path, a name, a destination.
    One(String),
    /// Both ends of a rename or link.
    Two(String, String),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(one) => f.write_str(one),
            Self::Two(from, to) => write!(f, "{from} -> {to}"),
        }
    }
}

/// What a call asks of the envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// Pass through a path, or learn what it is.
    Traverse,
    /// Read, list or stat a path.
    Read,
    /// Create, change or remove a path.
    Write,
    /// Read and write a path.
    ReadWrite,
    /// Ask for the addresses of a name.
    Lookup,
    /// Open a connection.
    Connect,
    /// Read the time of day.
    WallClock,
    /// Read the time since some start.
    MonotonicClock,
    /// Draw random bytes.
    Random,
    /// Send an HTTP request.
    Request,
    /// Wait for others to come.
    Listen,
    /// Read the value of a variable, or of a key of `wasi:config/store`.
    Variable,
}

impl Want {
    const ALL: [Self; 12] = [
        Self::Traverse,
        Self::Read,
        Self::Write,
        Self::ReadWrite,
        Self::Lookup,
        Self::Connect,
        Self::WallClock,
        Self::MonotonicClock,
        Self::Random,
        Self::Request,
        Self::Listen,
        Self::Variable,
    ];
}

/// The answer of the envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Inside.
    Allowed,
    /// Outside, answered all the same.
    Violation(MissingPermission),
    /// Outside, refused.
    Denied(MissingPermission),
    /// Inside, and refused: the operator does not grant it. What is missing is a line of the grant.
    NotGranted(MissingPermission),
}

impl Verdict {
    /// What the envelope lacks.
    #[must_use]
    pub fn missing(&self) -> Option<&MissingPermission> {
        match self {
            Self::Allowed | Self::NotGranted(_) => None,
            Self::Violation(missing) | Self::Denied(missing) => Some(missing),
        }
    }

    /// Whether the call is refused.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Denied(_) | Self::NotGranted(_))
    }
}

/// What a call asked of the envelope, and the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What was asked.
    pub want: Want,
    /// About what; clocks and random need no more than the want.
    pub subject: Option<Subject>,
    /// The answer.
    pub verdict: Verdict,
}

/// Events that cannot be read, although their chain holds: they were not written by us.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("event {number} cannot be read: {reason}")]
pub struct EventError {
    /// Number of the event.
    pub number: u64,
    /// What is wrong with it.
    pub reason: String,
}

/// `0` if nothing was asked; a number for a want without subject that is inside; else `[want, subject,
/// verdict]` and, unless allowed, the missing key and value.
#[inline]
pub(crate) fn encode_decision(decision: Option<&Decision>, out: &mut Writer<'_>) {
    match decision {
        None => out.unsigned(0),
        Some(Decision { want, subject: None, verdict: Verdict::Allowed }) => out.unsigned(1 + *want as u64),
        Some(decision) => encode_whole_decision(decision, out),
    }
}

fn encode_whole_decision(Decision { want, subject, verdict }: &Decision, out: &mut Writer<'_>) {
    let (number, missing) = match verdict {
        Verdict::Allowed => (0, None),
        Verdict::Violation(missing) => (1, Some(missing)),
        Verdict::Denied(missing) => (2, Some(missing)),
        Verdict::NotGranted(missing) => (3, Some(missing)),
    };
    out.array(if missing.is_some() { 5 } else { 3 });
    out.unsigned(*want as u64);
    match subject {
        None => out.null(),
        Some(Subject::One(one)) => out.text(one),
        Some(Subject::Two(from, to)) => {
            out.array(2);
            out.text(from);
            out.text(to);
        }
    }
    out.unsigned(number);
    if let Some(missing) = missing {
        out.text(&missing.key);
        out.text(&missing.value);
    }
}

fn decode_decision(d: &mut Decoder<'_>) -> Result<Option<Decision>, minicbor::decode::Error> {
    let bad = || minicbor::decode::Error::message("not a decision");
    if d.datatype()? == CborType::U8 {
        return match d.u8()? {
            0 => Ok(None),
            number => {
                let want = *Want::ALL.get(usize::from(number) - 1).ok_or_else(bad)?;
                Ok(Some(Decision { want, subject: None, verdict: Verdict::Allowed }))
            }
        };
    }
    let len = d.array()?.ok_or_else(bad)?;
    let want = *Want::ALL.get(usize::from(d.u8()?)).ok_or_else(bad)?;
    let subject = match d.datatype()? {
        CborType::Null => {
            d.null()?;
            None
        }
        CborType::String => Some(Subject::One(d.str()?.to_owned())),
        _ => match d.array()? {
            Some(2) => Some(Subject::Two(d.str()?.to_owned(), d.str()?.to_owned())),
            _ => return Err(bad()),
        },
    };
    let verdict = match (d.u8()?, len) {
        (0, 3) => Verdict::Allowed,
        (number @ 1..=3, 5) => {
            let missing = MissingPermission { key: d.str()?.to_owned(), value: d.str()?.to_owned() };
            match number {
                1 => Verdict::Violation(missing),
                2 => Verdict::Denied(missing),
                _ => Verdict::NotGranted(missing),
            }
        }
        _ => return Err(bad()),
    };
    Ok(Some(Decision { want, subject, verdict }))
}

fn decode_payload<'a>(d: &mut Decoder<'a>) -> Result<Payload<'a>, minicbor::decode::Error> {
    if d.datatype()? == CborType::Tag && d.probe().tag()?.as_u64() == BLOB_TAG {
        d.tag()?;
        let bad = || minicbor::decode::Error::message("not a reference to content");
        if d.array()? != Some(2) {
            return Err(bad());
        }
        let digest = Digest(d.bytes()?.try_into().map_err(|_| bad())?);
        return Ok(Payload::Blob { digest, bytes: d.u64()? });
    }
    let start = d.position();
    d.skip()?;
    Ok(Payload::Inline(&d.input()[start..d.position()]))
}

/// The events of one frame.
pub(crate) struct FrameEvents<'a> {
    decoder: Decoder<'a>,
    number: u64,
    fuel: u64,
    time_ns: u64,
    failed: bool,
}

impl<'a> FrameEvents<'a> {
    pub(crate) fn new(frame: &'a [u8]) -> Result<Self, EventError> {
        let mut decoder = Decoder::new(frame);
        let mut start = || {
            let len = decoder.array()?;
            match len {
                Some(3) => Ok((decoder.u64()?, decoder.u64()?, decoder.u64()?)),
                _ => Err(minicbor::decode::Error::message("no start of a frame")),
            }
        };
        let (number, fuel, time_ns) =
            start().map_err(|error| EventError { number: 0, reason: error.to_string() })?;
        Ok(Self { decoder, number, fuel, time_ns, failed: false })
    }

    fn read(&mut self) -> Result<Event<'a>, minicbor::decode::Error> {
        let d = &mut self.decoder;
        if d.array()? != Some(6) {
            return Err(minicbor::decode::Error::message("not an event"));
        }
        let function = FunctionId(d.u16()?);
        let overflow = || minicbor::decode::Error::message("a stamp is too large");
        self.fuel = self.fuel.checked_add(d.u64()?).ok_or_else(overflow)?;
        self.time_ns = self.time_ns.checked_add(d.u64()?).ok_or_else(overflow)?;
        let request = decode_payload(d)?;
        let decision = decode_decision(d)?;
        let answer = match d.datatype()? {
            CborType::Undefined => {
                d.undefined()?;
                None
            }
            _ => Some(decode_payload(d)?),
        };
        let number = self.number;
        self.number += 1;
        Ok(Event { number, function, fuel: self.fuel, time_ns: self.time_ns, request, decision, answer })
    }
}

impl<'a> Iterator for FrameEvents<'a> {
    type Item = Result<Event<'a>, EventError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed || self.decoder.position() >= self.decoder.input().len() {
            return None;
        }
        let number = self.number;
        let event = self.read().map_err(|error| EventError { number, reason: error.to_string() });
        self.failed = event.is_err();
        Some(event)
    }
}
