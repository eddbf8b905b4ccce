//! Bodies on their way: what is written of a request, and which streams are open.

use std::collections::{BTreeMap, BTreeSet};

use invar_world::Limits;

use crate::{
    port::{EndOfRequest, ExchangeId, FieldList, Network},
    stop::Stop,
};

/// Identity of an outgoing body while the run lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct BodyId(u64);

/// The bodies of a run. What is written is kept until its request is sent.
#[derive(Debug)]
pub(crate) struct Bodies {
    outgoing: BTreeMap<BodyId, Outgoing>,
    next: u64,
    /// Responses whose body has an open stream.
    read: BTreeSet<ExchangeId>,
    /// Bytes of header fields that were written.
    fields_bytes: u64,
    /// Bytes kept of requests that are not sent yet.
    buffered_bytes: u64,
    fields_bytes_max: u64,
    buffered_bytes_max: u64,
}

/// The body of a request.
#[derive(Debug)]
pub(super) struct Outgoing {
    /// What `content-length` says.
    expected: Option<u64>,
    /// Bytes, trailers too.
    written: u64,
    destination: Destination,
    stream: Stream,
    /// How it was finished; none: it was not.
    end: Option<EndOfRequest>,
}

/// Where what is written goes.
#[derive(Debug, PartialEq, Eq)]
enum Destination {
    /// The request is not sent yet: it is kept here.
    Buffer(Vec<u8>),
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
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            outgoing: BTreeMap::new(),
            next: 0,
            read: BTreeSet::new(),
            fields_bytes: 0,
            buffered_bytes: 0,
            fields_bytes_max: limits.written_fields_bytes,
            buffered_bytes_max: limits.network_bytes,
        }
    }

    /// A body of a request, or of a response, which goes nowhere.
    pub(super) fn open(&mut self, expected: Option<u64>, goes_nowhere: bool) -> BodyId {
        let id = BodyId(self.next);
        self.next += 1;
        let destination = if goes_nowhere { Destination::Nowhere } else { Destination::Buffer(Vec::new()) };
        let body = Outgoing { expected, written: 0, destination, stream: Stream::Untaken, end: None };
        self.outgoing.insert(id, body);
        id
    }

    /// Gives out the one stream of a body; false if it was given out already.
    pub(super) fn take_stream(&mut self, body: BodyId) -> bool {
        match self.outgoing.get_mut(&body) {
            Some(outgoing) if outgoing.stream == Stream::Untaken => {
                outgoing.stream = Stream::Open;
                true
            }
            _ => false,
        }
    }

    /// The stream of a body was dropped.
    pub(crate) fn stop_writing(&mut self, body: BodyId) {
        if let Some(outgoing) = self.outgoing.get_mut(&body) {
            outgoing.stream = Stream::Closed;
        }
    }

    /// Writes to a body.
    ///
    /// # Errors
    /// More is kept of requests that are not sent than a run may send.
    pub(crate) fn write(
        &mut self,
        body: BodyId,
        bytes: &[u8],
        network: &mut dyn Network,
    ) -> Result<Written, Stop> {
        let Some(outgoing) = self.outgoing.get_mut(&body) else { return Ok(Written::Closed) };
        let total = outgoing.written.saturating_add(bytes.len() as u64);
        let is_too_long = outgoing.expected.is_some_and(|expected| total > expected);
        Ok(match &mut outgoing.destination {
            Destination::Nowhere => Written::Closed,
            _ if is_too_long => Written::TooLong(total),
            Destination::Buffer(buffer) => {
                self.buffered_bytes = self.buffered_bytes.saturating_add(bytes.len() as u64);
                if self.buffered_bytes > self.buffered_bytes_max {
                    return Err(Stop::Limit("network bytes"));
                }
                buffer.extend_from_slice(bytes);
                outgoing.written = total;
                Written::Kept
            }
            Destination::Sent(exchange) => {
                network.send_body(*exchange, bytes);
                outgoing.written = total;
                Written::Sent
            }
        })
    }

    /// A body comes to its end: whole with the fields after it, or given up with none. Gives the bytes that were sent
    /// by it.
    ///
    /// # Errors
    /// Its stream is open: the skill broke the contract.
    pub(super) fn end(
        &mut self,
        body: BodyId,
        end: EndOfRequest,
        network: &mut dyn Network,
    ) -> Result<(Finish, u64), Stop> {
        let Some(outgoing) = self.outgoing.get_mut(&body) else { return Ok((Finish::Whole, 0)) };
        if outgoing.stream == Stream::Open {
            return Err(Stop::Misuse(
                "the body of a request was finished before its stream was dropped".into(),
            ));
        }
        let (finish, trailers) = match (&end, outgoing.expected) {
            (EndOfRequest::Whole(trailers), Some(expected)) if expected != outgoing.written => {
                (Finish::WrongSize(outgoing.written), fields_bytes(trailers))
            }
            (EndOfRequest::Whole(trailers), _) => (Finish::Whole, fields_bytes(trailers)),
            (EndOfRequest::Abandoned, _) => (Finish::Whole, 0),
        };
        let end = if finish == Finish::Whole { end } else { EndOfRequest::Abandoned };
        let mut sent = 0;
        match outgoing.destination {
            Destination::Buffer(_) => {
                outgoing.written = outgoing.written.saturating_add(trailers);
                outgoing.end = Some(end);
            }
            Destination::Nowhere => drop(self.outgoing.remove(&body)),
            Destination::Sent(exchange) => {
                sent = trailers;
                network.end_request(exchange, end);
                self.outgoing.remove(&body);
            }
        }
        Ok((finish, sent))
    }

    /// Takes a body out, to be sent or given up. What is written to it while it is out goes nowhere.
    pub(super) fn take(&mut self, body: Option<BodyId>) -> Option<(BodyId, Outgoing)> {
        let body = body?;
        let outgoing = self.outgoing.remove(&body)?;
        self.release(&outgoing.destination);
        Some((body, outgoing))
    }

    /// The request of a body will not be sent.
    pub(super) fn give_up(&mut self, body: Option<BodyId>) {
        if let Some(outgoing) = body.and_then(|body| self.outgoing.remove(&body)) {
            self.release(&outgoing.destination);
        }
    }

    /// The request of a body is sent, and what was written of it; gives how many bytes that were.
    pub(super) fn sent(
        &mut self,
        body: Option<(BodyId, Outgoing)>,
        exchange: ExchangeId,
        network: &mut dyn Network,
    ) -> u64 {
        let Some((body, mut outgoing)) = body else {
            network.end_request(exchange, EndOfRequest::Whole(FieldList::default()));
            return 0;
        };
        if let Destination::Buffer(buffer) = &outgoing.destination
            && !buffer.is_empty()
        {
            network.send_body(exchange, buffer);
        }
        let written = outgoing.written;
        match outgoing.end.take() {
            Some(end) => network.end_request(exchange, end),
            None => {
                self.outgoing.insert(body, Outgoing { destination: Destination::Sent(exchange), ..outgoing });
            }
        }
        written
    }

    /// What was kept is kept no more.
    fn release(&mut self, destination: &Destination) {
        if let Destination::Buffer(buffer) = destination {
            self.buffered_bytes = self.buffered_bytes.saturating_sub(buffer.len() as u64);
        }
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
        match self.fields_bytes > self.fields_bytes_max {
            true => Err(Stop::Limit("header fields")),
            false => Ok(()),
        }
    }
}

/// Bytes of names and values.
fn fields_bytes(fields: &FieldList) -> u64 {
    fields.iter().map(|(name, value)| (name.len() + value.len()) as u64).sum()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Bodies, Written};
    use crate::lab::LabNetwork;

    #[test]
    fn a_body_whose_request_is_not_sent_counts_no_more() {
        let mut network = LabNetwork::new(Vec::new(), BTreeMap::new(), None);
        let mut bodies = Bodies::new(&invar_world::Limits::LAB);
        let refused = bodies.open(None, false);
        assert_eq!(bodies.write(refused, b"four", &mut network), Ok(Written::Kept));
        assert_eq!(bodies.buffered_bytes, 4);
        drop(bodies.take(Some(refused)));
        assert_eq!(bodies.buffered_bytes, 0);
        let given_up = bodies.open(None, false);
        assert_eq!(bodies.write(given_up, b"two", &mut network), Ok(Written::Kept));
        bodies.give_up(Some(given_up));
        assert_eq!(bodies.buffered_bytes, 0);
    }
}
