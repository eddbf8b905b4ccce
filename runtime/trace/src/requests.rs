//! What HTTP requests send, followed through their handles: head, body and trailers of each.

use std::{collections::BTreeMap, sync::Arc};

use invar_world::Hasher;
use minicbor::Decoder;

use crate::{
    Event, Payload, Trace, TraceError,
    event_values::{constructed, number_in, ok_handles},
    functions::http as f,
};

/// Header fields in their order.
type Fields = Arc<Vec<(String, Vec<u8>)>>;

/// Bytes of header fields that are followed. No run that was recorded writes more; stops a forged trace from filling
/// memory with copies.
const FIELDS_BYTES_MAX: usize = 256 << 20;

/// Requests of a run.
#[derive(Default)]
pub(crate) struct Requests {
    fields: BTreeMap<u64, Fields>,
    fields_bytes: usize,
    /// Requests that were not handed over yet, by handle.
    made: BTreeMap<u64, OutgoingRequest>,
    /// Bodies and their streams, by handle: whose they are.
    bodies: BTreeMap<u64, u64>,
    streams: BTreeMap<u64, u64>,
    /// What goes out, by the handle of its request.
    sendings: BTreeMap<u64, Sending>,
}

/// A request that is being made.
#[derive(Default)]
struct OutgoingRequest {
    headers: Fields,
    has_body: bool,
}

/// A request that goes out.
pub(crate) struct Sending {
    /// Method and URL without the query; none: it was not handed over, and goes nowhere.
    pub(crate) destination: Option<String>,
    /// Over head, body and trailers: how they were cut into calls does not count.
    pub(crate) digest: Hasher,
    /// Bytes of query, headers, body and trailers.
    pub(crate) bytes: u64,
    /// The stream of its body, by handle.
    stream: Option<u64>,
    is_ended: bool,
}

impl Sending {
    fn new() -> Self {
        Self { destination: None, digest: Hasher::new("invar/sent"), bytes: 0, stream: None, is_ended: false }
    }

    fn add_fields(&mut self, fields: &Fields) {
        for (name, value) in fields.iter() {
            self.digest.add(name.to_ascii_lowercase().as_bytes());
            self.digest.add(b": ");
            self.digest.add(value);
            self.digest.add(b"\r\n");
            self.bytes += (name.len() + value.len()) as u64;
        }
    }
}

impl Requests {
    /// Bytes are written to a stream; false if it is none of a request.
    pub(crate) fn wrote(&mut self, stream: u64, bytes: &[u8]) -> bool {
        let Some(sending) = self.sending_of(stream) else { return false };
        sending.digest.add(bytes);
        sending.bytes += bytes.len() as u64;
        true
    }

    /// So many bytes are written that the call does not show.
    pub(crate) fn wrote_unseen(&mut self, stream: Option<u64>, bytes: u64) {
        if let Some(sending) = stream.and_then(|stream| self.sending_of(stream)) {
            sending.digest.add(&bytes.to_be_bytes());
            sending.bytes += bytes;
        }
    }

    fn sending_of(&mut self, stream: u64) -> Option<&mut Sending> {
        self.sendings.get_mut(self.streams.get(&stream)?)
    }

    /// A request is handed over, or refused: then it has no destination. Gives what is whole with it.
    pub(crate) fn handed_over(
        &mut self,
        request: u64,
        destination: Option<&str>,
        query: &str,
    ) -> Option<Sending> {
        let made = self.made.remove(&request)?;
        let body = self.sendings.remove(&request);
        let Some(destination) = destination else {
            self.forget_stream(body.as_ref());
            return None;
        };
        let is_whole = !made.has_body || body.as_ref().is_some_and(|body| body.is_ended);
        let mut sending = Sending { destination: Some(destination.to_owned()), ..Sending::new() };
        sending.digest.add(query.as_bytes());
        sending.digest.add(b"\r\n");
        sending.bytes += query.len() as u64;
        sending.add_fields(&made.headers);
        if let Some(body) = body {
            sending.stream = body.stream;
            // What was written before. How much of it was, before and after, is one more thing that shows.
            sending.digest.add(&body.digest.digest().0);
            sending.bytes += body.bytes;
        }
        if is_whole {
            self.forget_stream(Some(&sending));
            return Some(sending);
        }
        self.sendings.insert(request, sending);
        None
    }

    /// Nothing more is written to the body of a request. Its stream is looked up, not searched for: a skill can open
    /// bodies without end.
    fn forget_stream(&mut self, sending: Option<&Sending>) {
        if let Some(stream) = sending.and_then(|sending| sending.stream) {
            self.streams.remove(&stream);
        }
    }

    /// What was not whole when the run ended.
    pub(crate) fn left(&mut self) -> Vec<Sending> {
        std::mem::take(&mut self.sendings).into_values().collect()
    }

    /// Follows handles; gives what is whole with this event.
    pub(crate) fn event(&mut self, trace: &Trace, event: &Event<'_>) -> Result<Option<Sending>, TraceError> {
        let first_argument = || number_in(trace, event, 0);
        let opened = || ok_handles(event).and_then(|handles| handles.first().copied());
        match event.function {
            f::FIELDS_NEW => drop(constructed(event).map(|new| self.fields.insert(new, Fields::default()))),
            f::FIELDS_FROM_LIST | f::FIELDS_SET | f::FIELDS_APPEND | f::FIELDS_DELETE | f::FIELDS_CLONE => {
                let request = trace.value(event.request)?;
                // A list that cannot be read was not written by us: its request has fewer headers.
                let _ = self.change(event, request);
            }
            f::FIELDS_DROP => drop(first_argument().map(|handle| self.fields.remove(&handle))),
            f::OUTGOING_REQUEST_NEW => {
                if let (Some(fields), Some(request)) = (first_argument(), constructed(event)) {
                    let headers = self.fields.remove(&fields).unwrap_or_default();
                    self.made.insert(request, OutgoingRequest { headers, has_body: false });
                }
            }
            f::OUTGOING_REQUEST_DROP => {
                if let Some(request) = first_argument() {
                    self.made.remove(&request);
                    let dropped = self.sendings.remove(&request);
                    self.forget_stream(dropped.as_ref());
                }
            }
            f::OUTGOING_REQUEST_BODY => {
                if let (Some(request), Some(body)) = (first_argument(), opened())
                    && let Some(made) = self.made.get_mut(&request)
                {
                    made.has_body = true;
                    self.bodies.insert(body, request);
                    self.sendings.insert(request, Sending::new());
                }
            }
            f::OUTGOING_BODY_WRITE => {
                if let (Some(body), Some(stream)) = (first_argument(), opened())
                    && let Some(request) = self.bodies.get(&body)
                    && let Some(sending) = self.sendings.get_mut(request)
                {
                    sending.stream = Some(stream);
                    self.streams.insert(stream, *request);
                }
            }
            f::OUTGOING_BODY_FINISH | f::OUTGOING_BODY_DROP => {
                let trailers = number_in(trace, event, 1).and_then(|handle| self.fields.remove(&handle));
                let request = first_argument().and_then(|body| self.bodies.remove(&body));
                return Ok(request.and_then(|request| self.end(request, trailers)));
            }
            _ => {}
        }
        Ok(None)
    }

    /// The body of a request has come to its end; gives the request if it was handed over.
    fn end(&mut self, request: u64, trailers: Option<Fields>) -> Option<Sending> {
        let sending = self.sendings.get_mut(&request)?;
        sending.is_ended = true;
        if let Some(trailers) = trailers {
            sending.add_fields(&trailers);
        }
        sending.destination.as_ref()?;
        let whole = self.sendings.remove(&request);
        self.forget_stream(whole.as_ref());
        whole
    }

    /// Makes a change of header fields, if the call made it.
    fn change(&mut self, event: &Event<'_>, request: &[u8]) -> Result<(), minicbor::decode::Error> {
        if self.fields_bytes > FIELDS_BYTES_MAX {
            return Ok(());
        }
        let is_done = matches!(event.answer, Some(Payload::Inline([0x82, 0, ..])));
        let mut d = Decoder::new(request);
        d.array()?;
        if event.function == f::FIELDS_FROM_LIST {
            let Some(new) = ok_handles(event).and_then(|handles| handles.first().copied()) else {
                return Ok(());
            };
            let mut list = Vec::new();
            for _ in 0..d.array()?.unwrap_or(0) {
                d.array()?;
                list.push((d.str()?.to_owned(), d.bytes()?.to_vec()));
            }
            self.fields_bytes += request.len();
            self.fields.insert(new, Arc::new(list));
            return Ok(());
        }
        let Some(fields) = self.fields.get_mut(&d.u64()?) else { return Ok(()) };
        if event.function == f::FIELDS_CLONE {
            let copy = fields.clone();
            drop(constructed(event).map(|new| self.fields.insert(new, copy)));
            return Ok(());
        }
        if !is_done {
            return Ok(());
        }
        let name = d.str()?;
        let mut values = Vec::new();
        match event.function {
            f::FIELDS_SET => {
                for _ in 0..d.array()?.unwrap_or(0) {
                    values.push(d.bytes()?.to_vec());
                }
            }
            f::FIELDS_APPEND => values.push(d.bytes()?.to_vec()),
            _ => {}
        }
        let copied = if Arc::strong_count(fields) > 1 {
            fields.iter().map(|(name, value)| name.len() + value.len()).sum()
        } else {
            0
        };
        self.fields_bytes += request.len() + copied;
        let fields = Arc::make_mut(fields);
        if event.function != f::FIELDS_APPEND {
            fields.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
        }
        fields.extend(values.into_iter().map(|value| (name.to_owned(), value)));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Requests, Sending, f};
    use crate::{Event, FunctionId, Payload, Trace};

    const FIELDS: u8 = 1;
    const REQUEST: u8 = 2;
    const BODY: u8 = 3;
    const STREAM: u8 = 4;

    /// Calls a function on a handle.
    fn call(requests: &mut Requests, function: FunctionId, handle: u8, answer: &[u8]) -> Option<Sending> {
        let request = [0x81, handle];
        let event = Event {
            number: 0,
            function,
            fuel: 0,
            time_ns: 0,
            request: Payload::Inline(&request),
            decision: None,
            answer: Some(Payload::Inline(answer)),
        };
        requests.event(&Trace::default(), &event).unwrap()
    }

    /// A request whose body is open.
    fn open() -> Requests {
        let mut requests = Requests::default();
        call(&mut requests, f::FIELDS_NEW, 0, &[FIELDS]);
        call(&mut requests, f::OUTGOING_REQUEST_NEW, FIELDS, &[REQUEST]);
        call(&mut requests, f::OUTGOING_REQUEST_BODY, REQUEST, &[0x82, 0, BODY]);
        requests
    }

    fn write(requests: &mut Requests) -> bool {
        call(requests, f::OUTGOING_BODY_WRITE, BODY, &[0x82, 0, STREAM]);
        requests.wrote(u64::from(STREAM), b"four")
    }

    fn finish(requests: &mut Requests) -> Option<Sending> {
        call(requests, f::OUTGOING_BODY_FINISH, BODY, &[0x82, 0, 0xf6])
    }

    fn hand_over(requests: &mut Requests, destination: Option<&str>) -> Option<Sending> {
        requests.handed_over(u64::from(REQUEST), destination, "")
    }

    #[track_caller]
    fn assert_nothing_is_left(requests: &Requests) {
        let Requests { fields, fields_bytes: _, made, bodies, streams, sendings } = requests;
        let left = [fields.len(), made.len(), bodies.len(), streams.len(), sendings.len()];
        assert_eq!(left, [0; 5]);
    }

    #[test]
    fn nothing_is_left_of_requests_that_were_sent() {
        let mut requests = open();
        assert!(write(&mut requests));
        assert!(finish(&mut requests).is_none());
        let sent = hand_over(&mut requests, Some("POST https://a.example/")).unwrap();
        assert_eq!(sent.bytes, 4);
        assert_nothing_is_left(&requests);

        let mut requests = open();
        assert!(hand_over(&mut requests, Some("POST https://a.example/")).is_none());
        assert!(write(&mut requests));
        assert_eq!(finish(&mut requests).unwrap().bytes, sent.bytes);
        assert_nothing_is_left(&requests);
    }

    #[test]
    fn nothing_is_left_of_requests_that_were_not() {
        let drop = |requests: &mut Requests| call(requests, f::OUTGOING_REQUEST_DROP, REQUEST, &[0xf6]);
        for give_up in [&drop as &dyn Fn(&mut Requests) -> _, &|requests| hand_over(requests, None)] {
            let mut requests = open();
            assert!(write(&mut requests));
            assert!(give_up(&mut requests).is_none());
            assert!(finish(&mut requests).is_none());
            assert_nothing_is_left(&requests);

            let mut requests = open();
            assert!(give_up(&mut requests).is_none());
            assert!(!write(&mut requests));
            assert!(finish(&mut requests).is_none());
            assert_nothing_is_left(&requests);
        }
    }
}
