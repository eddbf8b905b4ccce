//! What handles stand for.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    hash::{BuildHasherDefault, Hasher},
    net::IpAddr,
};

use invar_world::Limits;
use wasmtime::component::Resource;

use crate::{
    port::{ConnectionId, ExchangeId, Interest, Kind, Listing, LookupId, NetworkError, NodeId, Timeouts},
    shim::{
        http::{Awaited, BodyId, Fields, IncomingBody, IncomingResponse, OutgoingRequest, OutgoingResponse},
        sockets::{DatagramStream, Socket, UdpSocket},
    },
    stop::Stop,
};

/// What one handle stands for.
pub(crate) enum Handle {
    Descriptor(Descriptor),
    Listing(Listing),
    Input(Input),
    Output(Sink),
    Pollable(Pollable),
    /// Why a stream's last operation failed.
    Error(StreamFailure),
    Network,
    Terminal,
    Socket(Box<Socket>),
    Addresses(Addresses),
    Fields(Fields),
    Request(Box<OutgoingRequest>),
    RequestOptions(Timeouts),
    /// A response that nobody can be given.
    OutgoingResponse(OutgoingResponse),
    OutgoingBody(BodyId),
    FutureResponse(Awaited),
    Response(IncomingResponse),
    /// The body of a response, and whether its stream was asked for.
    IncomingBody(IncomingBody),
    FutureTrailers(Awaited),
    Udp(Box<UdpSocket>),
    /// Where datagrams are received.
    Incoming(DatagramStream),
    /// Where datagrams are sent.
    Outgoing(DatagramStream),
}

/// An open file or directory.
#[derive(Debug, Clone)]
pub(crate) struct Descriptor {
    pub(crate) node: NodeId,
    pub(crate) kind: Kind,
    pub(crate) read: bool,
    pub(crate) write: bool,
    /// The absolute path it was opened by.
    pub(crate) path: String,
}

/// Where an input stream reads.
#[derive(Debug, Clone)]
pub(crate) enum Input {
    Stdin,
    File {
        node: NodeId,
        offset: u64,
    },
    Tcp(ConnectionId),
    /// The body of a response.
    Body {
        exchange: ExchangeId,
        /// It broke off, and that was reported.
        is_over: bool,
    },
    /// A file that was not opened to be read: the first read says so.
    Unreadable,
    /// Read to its end, or broken off.
    Closed,
}

/// Where an output stream writes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Sink {
    Stdout,
    Stderr,
    /// At an offset, or at the end.
    File {
        node: NodeId,
        offset: Option<u64>,
    },
    Tcp(ConnectionId),
    /// The body of a request.
    Body(BodyId),
    /// A file that was not opened to be written: the first write says so.
    Unwritable,
    Closed,
}

impl Input {
    fn is_on(&self, connection: ConnectionId) -> bool {
        matches!(self, Self::Tcp(other) if *other == connection)
    }
}

impl Sink {
    fn is_on(&self, connection: ConnectionId) -> bool {
        matches!(self, Self::Tcp(other) if *other == connection)
    }
}

/// What a pollable waits for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Pollable {
    For(Interest),
    /// What a TCP socket does next, by the number of its handle: it is connected, or somebody connects to it.
    Socket(u32),
}

/// The error behind a failed stream operation.
#[derive(Debug, Clone, Copy)]
pub(crate) enum StreamFailure {
    File(crate::port::FileError),
    Network(NetworkError),
    Request(crate::port::RequestError),
    /// The body of a request is not as long as its head says: this many bytes.
    BodySize(u64),
}

/// The answers of a lookup.
#[derive(Debug, Clone)]
pub(crate) enum Addresses {
    /// Of an address that was looked up: nobody needs to be asked.
    Known(VecDeque<IpAddr>),
    Asked {
        name: String,
        lookup: LookupId,
    },
    Found {
        name: String,
        rest: VecDeque<IpAddr>,
    },
    Failed(NetworkError),
}

/// Handles by their numbers. A number is never given twice in a run, so that traces can name handles by it.
pub(crate) struct Handles {
    open: HashMap<u32, Handle, BuildHasherDefault<Identity>>,
    next: u32,
    /// The two streams of each connection, open or not.
    streams: BTreeMap<ConnectionId, Vec<u32>>,
    /// Handles open at once, at most.
    open_max: u64,
    /// Handles that are ever opened, at most.
    opened_max: u64,
}

/// Numbers that count up need no hashing.
#[derive(Default)]
pub(crate) struct Identity(u64);

impl Hasher for Identity {
    fn finish(&self) -> u64 {
        // The table takes its buckets from the low bits and its tags from the high ones.
        self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0 << 8 | u64::from(*byte);
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = u64::from(number);
    }
}

impl Handles {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            open: HashMap::default(),
            next: 0,
            streams: BTreeMap::new(),
            open_max: limits.open_handles,
            opened_max: limits.opened_handles,
        }
    }

    /// Opens a handle.
    pub(crate) fn open<T: 'static>(&mut self, handle: Handle) -> Result<Resource<T>, Stop> {
        if self.open.len() as u64 >= self.open_max {
            return Err(Stop::Limit("open handles"));
        }
        if u64::from(self.next) >= self.opened_max {
            return Err(Stop::Limit("handles opened"));
        }
        let number = self.next;
        self.next += 1;
        if let Handle::Input(Input::Tcp(connection)) | Handle::Output(Sink::Tcp(connection)) = &handle {
            self.streams.entry(*connection).or_default().push(number);
        }
        self.open.insert(number, handle);
        Ok(Resource::new_own(number))
    }

    /// Closes a handle.
    pub(crate) fn close<T: 'static>(&mut self, resource: &Resource<T>) -> Result<Handle, Stop> {
        self.open.remove(&resource.rep()).ok_or_else(missing)
    }

    /// Closes what reads or writes a connection.
    pub(crate) fn shut(&mut self, connection: ConnectionId, input: bool, output: bool) {
        for number in self.streams.get(&connection).into_iter().flatten() {
            match self.open.get_mut(number) {
                Some(Handle::Input(stream)) if input && stream.is_on(connection) => *stream = Input::Closed,
                Some(Handle::Output(stream)) if output && stream.is_on(connection) => *stream = Sink::Closed,
                _ => {}
            }
        }
    }

    /// A TCP socket by its number; none: it is closed.
    pub(crate) fn socket_of(&self, number: u32) -> Option<&Socket> {
        match self.open.get(&number) {
            Some(Handle::Socket(socket)) => Some(socket),
            _ => None,
        }
    }

    /// A UDP socket by its number; none: it is closed.
    pub(crate) fn udp_of(&mut self, number: u32) -> Option<&mut UdpSocket> {
        match self.open.get_mut(&number) {
            Some(Handle::Udp(socket)) => Some(socket),
            _ => None,
        }
    }

    fn get<T: 'static>(&mut self, resource: &Resource<T>) -> Result<&mut Handle, Stop> {
        self.open.get_mut(&resource.rep()).ok_or_else(missing)
    }
}

/// The component model hands over only handles that are open and of the right type; this is for the case that
/// it does not.
fn missing() -> Stop {
    Stop::Misuse("a handle that is not open was used".into())
}

macro_rules! typed {
    ($($name:ident: $variant:ident => $type:ty;)*) => {
        impl Handles {
            $(pub(crate) fn $name<T: 'static>(&mut self, resource: &Resource<T>) -> Result<&mut $type, Stop> {
                match self.get(resource)? {
                    Handle::$variant(inner) => Ok(inner),
                    _ => Err(missing()),
                }
            })*
        }
    };
}

typed! {
    descriptor: Descriptor => Descriptor;
    listing: Listing => Listing;
    input: Input => Input;
    output: Output => Sink;
    pollable: Pollable => Pollable;
    failure: Error => StreamFailure;
    socket: Socket => Box<Socket>;
    addresses: Addresses => Addresses;
    fields: Fields => Fields;
    request: Request => Box<OutgoingRequest>;
    request_options: RequestOptions => Timeouts;
    outgoing_response: OutgoingResponse => OutgoingResponse;
    outgoing_body: OutgoingBody => BodyId;
    future_response: FutureResponse => Awaited;
    response: Response => IncomingResponse;
    incoming_body: IncomingBody => IncomingBody;
    future_trailers: FutureTrailers => Awaited;
    udp: Udp => Box<UdpSocket>;
    incoming: Incoming => DatagramStream;
    outgoing: Outgoing => DatagramStream;
}
