//! A request on its way, and the response that the script gives to it.

use std::{collections::BTreeMap, sync::Arc};

use invar_world::{End, Failure, Responder};

use super::timing::IDLE_NS;
use crate::port::{ExchangeId, Received, RequestError, Timeouts};

/// Bytes of a body that arrive at once.
pub(super) const CHUNK_BYTES: u64 = 16 << 10;
/// Time from one chunk of a body to the next: 16 MB a second.
pub(super) const CHUNK_NS: u64 = 1_000_000;
/// How long a response is waited for that does not come, if the skill does not say.
pub(super) const FIRST_BYTE_TIMEOUT_NS: u64 = 600_000_000_000;

/// Requests on their way, and how many there have been.
#[derive(Default)]
pub(super) struct Exchanges {
    pub(super) open: BTreeMap<ExchangeId, Exchange>,
    pub(super) next: u64,
}

/// One request and its response.
pub(super) struct Exchange {
    pub(super) script: Arc<Vec<Responder>>,
    /// The entry that answers; none: everything is taken, and nothing said.
    pub(super) entry: Option<usize>,
    pub(super) timeouts: Timeouts,
    pub(super) latency_ns: u64,
    /// When the connection stands, or that it does not.
    pub(super) connected_ns: u64,
    pub(super) failed: Option<RequestError>,
    /// When the request was whole.
    pub(super) ended_ns: Option<u64>,
    /// Bytes of the response's body that were read.
    pub(super) read: u64,
}

impl Exchange {
    /// The entry that answers.
    pub(super) fn answer(&self) -> Option<&Responder> {
        self.script.get(self.entry?)
    }

    /// Whether the script has it fail so, or end so.
    fn is(&self, failure: Failure, end: End) -> bool {
        self.answer().is_some_and(|answer| answer.fails == Some(failure) || answer.end == end)
    }

    /// When it is known what becomes of it, and what.
    pub(super) fn outcome(&self) -> (u64, Result<(), RequestError>) {
        if let Some(error) = self.failed {
            return (self.connected_ns, Err(error));
        }
        // A server that gets no end of a request answers when it has waited long enough.
        let ended_ns = self.ended_ns.unwrap_or_else(|| self.connected_ns.saturating_add(IDLE_NS));
        let asked_ns = ended_ns.max(self.connected_ns);
        let limit_ns = self.timeouts.first_byte_ns.unwrap_or(FIRST_BYTE_TIMEOUT_NS);
        match self.is(Failure::Timeout, End::Open) || self.latency_ns > limit_ns {
            true => (asked_ns.saturating_add(limit_ns), Err(RequestError::ResponseTimeout)),
            false => (asked_ns.saturating_add(self.latency_ns), Ok(())),
        }
    }

    /// How much of the body comes, and why no more; none: it is whole.
    pub(super) fn comes(&self) -> (u64, Option<RequestError>) {
        let whole = self.answer().map_or(0, Responder::body_len);
        let is_slow = self.timeouts.between_bytes_ns.is_some_and(|limit_ns| limit_ns < CHUNK_NS);
        match (self.is(Failure::Reset, End::Reset), is_slow && whole > CHUNK_BYTES) {
            (true, _) => (whole / 2, Some(RequestError::ConnectionTerminated)),
            (false, true) => (CHUNK_BYTES, Some(RequestError::ReadTimeout)),
            (false, false) => (whole, None),
        }
    }

    /// When the byte at an offset of the body arrives, or its end.
    pub(super) fn arrives_ns(&self, offset: u64) -> u64 {
        let (head_ns, _) = self.outcome();
        head_ns.saturating_add((offset / CHUNK_BYTES).saturating_mul(CHUNK_NS))
    }

    /// Takes what has arrived of the body.
    pub(super) fn read(&mut self, len: usize, now_ns: u64) -> Result<Received, RequestError> {
        let (comes, breaks) = self.comes();
        if self.arrives_ns(self.read) > now_ns {
            return Ok(Received::Pending);
        }
        if self.read >= comes {
            return breaks.map_or(Ok(Received::Closed), Err);
        }
        // Up to the end of the last chunk that has arrived.
        let chunks = now_ns.saturating_sub(self.arrives_ns(0)) / CHUNK_NS + 1;
        let arrived = chunks.saturating_mul(CHUNK_BYTES).min(comes) - self.read;
        let len = len.min(usize::try_from(arrived).unwrap_or(len));
        let bytes = self.answer().map(|answer| answer.body_at(self.read, len)).unwrap_or_default();
        self.read += bytes.len() as u64;
        Ok(Received::Data(bytes))
    }
}
