//! Handles by the names that scripts give them.

use std::collections::BTreeMap;

use crate::{
    script::Call,
    wasi::{
        filesystem::types::{Descriptor, DirectoryEntryStream},
        http::types::{
            Fields, FutureIncomingResponse, FutureTrailers, IncomingBody, IncomingResponse, OutgoingBody,
            OutgoingRequest, OutgoingResponse, RequestOptions,
        },
        io::{
            error::Error,
            poll::Pollable,
            streams::{InputStream, OutputStream},
        },
        sockets::{
            ip_name_lookup::ResolveAddressStream,
            network::Network,
            tcp::TcpSocket,
            udp::{IncomingDatagramStream, OutgoingDatagramStream, UdpSocket},
        },
    },
};

pub(crate) enum Handle {
    Input(InputStream),
    Output(OutputStream),
    Pollable(Pollable),
    Error(Error),
    Descriptor(Descriptor),
    Listing(DirectoryEntryStream),
    Network(Network),
    Socket(TcpSocket),
    Addresses(ResolveAddressStream),
    Fields(Fields),
    Request(OutgoingRequest),
    Options(RequestOptions),
    OutgoingResponse(OutgoingResponse),
    OutgoingBody(OutgoingBody),
    Future(FutureIncomingResponse),
    Response(IncomingResponse),
    IncomingBody(IncomingBody),
    Trailers(FutureTrailers),
    Udp(UdpSocket),
    Incoming(IncomingDatagramStream),
    Outgoing(OutgoingDatagramStream),
}

#[derive(Default)]
pub(crate) struct Handles(BTreeMap<String, Handle>);

impl Handles {
    /// Keeps a handle under the name that the call gives it.
    pub(crate) fn keep(&mut self, call: &Call, handle: Handle) -> String {
        self.put(call.name.as_deref().unwrap_or("_"), handle);
        "ok".to_owned()
    }

    pub(crate) fn put(&mut self, name: &str, handle: Handle) {
        // A handle whose name is taken over stays open: dropping it would be one more call.
        std::mem::forget(self.0.insert(name.to_owned(), handle));
    }

    pub(crate) fn take(&mut self, name: &str) -> Result<Handle, String> {
        self.0.remove(name).ok_or_else(|| format!("there is no handle {name}"))
    }
}

macro_rules! typed {
    ($($name:ident $variant:ident $type:ty;)*) => {
        impl Handles {
            $(pub(crate) fn $name(&self, name: &str) -> Result<&$type, String> {
                match self.0.get(name) {
                    Some(Handle::$variant(handle)) => Ok(handle),
                    _ => Err(format!("{name} is not such a handle")),
                }
            })*
        }
    };
}

typed! {
    input Input InputStream;
    output Output OutputStream;
    pollable Pollable Pollable;
    error Error Error;
    descriptor Descriptor Descriptor;
    listing Listing DirectoryEntryStream;
    network Network Network;
    socket Socket TcpSocket;
    addresses Addresses ResolveAddressStream;
    fields Fields Fields;
    request Request OutgoingRequest;
    options Options RequestOptions;
    made OutgoingResponse OutgoingResponse;
    outgoing_body OutgoingBody OutgoingBody;
    future Future FutureIncomingResponse;
    response Response IncomingResponse;
    incoming_body IncomingBody IncomingBody;
    trailers Trailers FutureTrailers;
    udp Udp UdpSocket;
    incoming Incoming IncomingDatagramStream;
    outgoing Outgoing OutgoingDatagramStream;
}
