//! Bodies on their way: what is written of a request, and which streams are open.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    limits::FIELDS_BYTES_WRITTEN_MAX,
    port::{ExchangeId, Http},
    stop::Stop,
};

/// Identity of an outgoing body while the run lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct BodyId(u64);

/// The bodies of a run. What is written is not kept: the trace holds it.
#[derive(Debug, Default)]
pub(crate) struct Bodies {
    outgoing: BTreeMap<BodyId, Outgoing>,
    next: u64,
    /// Responses whose body has an open stream.
    read: BTreeSet<ExchangeId>,
    /// Bytes of header fields that were written.
    fields_bytes: u64,
}

/// The body of a request.
#[derive(Debug)]
pub(super) struct Outgoing {
    /// What `content-length` says.
    expected: Option<u64>,
    /// Bytes, trailers too.
    written: u64,
    place: Place,
    stream: Stream,
    /// Whether it was finished whole; none: it was not finished.
    ended: Option<bool>,
}

/// Where what is written goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The request is not sent yet.
    Waiting,
    Sent(ExchangeId),
    /// It is the body of a response, which nobody gets.
    Nowhere,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stream {
    Untaken,
    Open,
    Closed,
}

/// What became of bytes that were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// They are sent.
    Sent,
    /// They are sent once the request is.
    Kept,
    /// There is nobody to send them to.
    Closed,
    /// They would be more than `content-length` says: this many.
    TooLong(u64),
}

/// The end of a body, as it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finish {
    Whole,
    /// It is not as long as `content-length` says: this many bytes.
    WrongSize(u64),
}

impl Bodies {
    /// A body of a request, or of a response, which goes nowhere.
    pub(super) fn open(&mut self, expected: Option<u64>, goes_nowhere: bool) -> BodyId {
        let id = BodyId(self.next);
        self.next += 1;
        let place = if goes_nowhere { Place::Nowhere } else { Place::Waiting };
        let body = Outgoing { expected, written: 0, place, stream: Stream::Untaken, ended: None };
        self.outgoing.insert(id, body);
        id
    }

    /// Gives out the one stream of a body; false if it was given out already.
    pub(super) fn take_stream(&mut self, body: BodyId) -> bool {
        match self.outgoing.get_mut(&body) {
            Some(own) if own.stream == Stream::Untaken => {
                own.stream = Stream::Open;
                true
            }
            _ => false,
        }
    }

    /// The stream of a body was dropped.
    pub(crate) fn stop_writing(&mut self, body: BodyId) {
        if let Some(own) = self.outgoing.get_mut(&body) {
            own.stream = Stream::Closed;
        }
    }

    /// So many bytes are written to a body.
    pub(crate) fn write(&mut self, body: BodyId, bytes: u64) -> Written {
        let Some(own) = self.outgoing.get_mut(&body) else { return Written::Closed };
        let total = own.written.saturating_add(bytes);
        match own.place {
            Place::Nowhere => Written::Closed,
            _ if own.expected.is_some_and(|expected| total > expected) => Written::TooLong(total),
            Place::Waiting => {
                own.written = total;
                Written::Kept
            }
            Place::Sent(_) => {
                own.written = total;
                Written::Sent
            }
        }
    }

    /// A body comes to its end. `trailers` are bytes that follow it.
    ///
    /// # Errors
    /// Its stream is open: the skill broke the contract.
    pub(super) fn end(
        &mut self,
        body: BodyId,
        finished: bool,
        trailers: u64,
        network: &mut (impl Http + ?Sized),
        now_ns: u64,
    ) -> Result<(Finish, u64), Stop> {
        let Some(own) = self.outgoing.get_mut(&body) else { return Ok((Finish::Whole, 0)) };
        if own.stream == Stream::Open {
            return Err(Stop::Misuse(
                "the body of a request was finished before its stream was dropped".into(),
            ));
        }
        let finish = match own.expected {
            Some(expected) if finished && expected != own.written => Finish::WrongSize(own.written),
            _ => Finish::Whole,
        };
        let whole = finished && finish == Finish::Whole;
        own.ended = Some(whole);
        let mut sent = 0;
        match own.place {
            Place::Waiting => own.written = own.written.saturating_add(trailers),
            Place::Nowhere => drop(self.outgoing.remove(&body)),
            Place::Sent(exchange) => {
                sent = trailers;
                network.end_request(exchange, whole, now_ns);
                self.outgoing.remove(&body);
            }
        }
        Ok((finish, sent))
    }

    /// Takes a body out, to be sent or given up. What is written to it while it is out goes nowhere.
    pub(super) fn take(&mut self, body: Option<BodyId>) -> Option<(BodyId, Outgoing)> {
        let body = body?;
        Some((body, self.outgoing.remove(&body)?))
    }

    /// The request of a body will not be sent.
    pub(super) fn give_up(&mut self, body: Option<BodyId>) {
        body.and_then(|body| self.outgoing.remove(&body));
    }

    /// The request of a body is sent; gives the bytes that were written of it.
    pub(super) fn sent(
        &mut self,
        body: Option<(BodyId, Outgoing)>,
        exchange: ExchangeId,
        network: &mut (impl Http + ?Sized),
        now_ns: u64,
    ) -> u64 {
        let Some((body, own)) = body else {
            network.end_request(exchange, true, now_ns);
            return 0;
        };
        let written = own.written;
        match own.ended {
            Some(whole) => network.end_request(exchange, whole, now_ns),
            None => {
                self.outgoing.insert(body, Outgoing { place: Place::Sent(exchange), ..own });
            }
        }
        written
    }

    /// The body of a response has a stream from now on.
    pub(super) fn start_reading(&mut self, exchange: ExchangeId) {
        self.read.insert(exchange);
    }

    /// The stream of a response's body was dropped.
    pub(crate) fn stop_reading(&mut self, exchange: ExchangeId) {
        self.read.remove(&exchange);
    }

    /// Holds a skill to dropping the stream of a body before the body.
    pub(super) fn check_read(&self, exchange: ExchangeId) -> Result<(), Stop> {
        match self.read.contains(&exchange) {
            true => {
                Err(Stop::Misuse("the body of a response was given up before its stream was dropped".into()))
            }
            false => Ok(()),
        }
    }

    /// Counts header fields that are written.
    pub(super) fn count_fields(&mut self, bytes: u64) -> Result<(), Stop> {
        self.fields_bytes = self.fields_bytes.saturating_add(bytes);
        match self.fields_bytes > FIELDS_BYTES_WRITTEN_MAX {
            true => Err(Stop::Limit("header fields")),
            false => Ok(()),
        }
    }
}
