//! `wasi:sockets/udp`: what is sent and received.

use std::net::SocketAddr;

use invar_envelope::{AccessRequest, Scheme};
use invar_trace::functions::udp as f;
use wasmtime::component::Resource;

use super::{address, binding::without_scope, udp_socket::DatagramStream};
use crate::{
    Context, Membrane, Shim,
    access_policy::AccessPolicy,
    bindings::wasi::{
        io::poll::Pollable,
        sockets::{
            network::{ErrorCode, IpAddressFamily},
            udp::{
                HostIncomingDatagramStream, HostIncomingDatagramStreamWithStore, HostOutgoingDatagramStream,
                HostOutgoingDatagramStreamWithStore, IncomingDatagram, IncomingDatagramStream,
                OutgoingDatagram, OutgoingDatagramStream,
            },
        },
    },
    funnel::{Host, ToAccessRequest, fallible, infallible, unchecked},
    handles::{Handle, Pollable as Waits},
    limits::{DATAGRAM_BYTES_MAX, DATAGRAMS_OF_A_CALL_MAX, DATAGRAMS_PERMIT_MAX, READ_BYTES_MAX},
    port::Interest,
    shim::no_methods,
    stop::{Fail, Outcome, Stop},
};

no_methods!(HostIncomingDatagramStream, HostOutgoingDatagramStream);

type HostResult<T> = wasmtime::Result<Result<T, ErrorCode>>;

/// The one datagram of a call; none: there is none.
struct Outgoing {
    stream: DatagramStream,
    to: Option<SocketAddr>,
    /// It goes to somebody who has sent to a port of this skill that they could know: to be let in was declared.
    is_answer: bool,
}

impl ToAccessRequest for Outgoing {
    fn access_request<'a>(&'a self, policy: &'a AccessPolicy) -> AccessRequest<'a> {
        match self.to {
            Some(address) if !self.is_answer => {
                AccessRequest::Connect { scheme: Scheme::Udp, address, names: policy.names_of(address.ip()) }
            }
            _ => AccessRequest::Nothing,
        }
    }
}

impl HostIncomingDatagramStreamWithStore<Membrane> for Shim {
    fn receive(
        host: Host<'_>,
        stream: Resource<IncomingDatagramStream>,
        most: u64,
    ) -> HostResult<Vec<IncomingDatagram>> {
        let request = (&stream, most);
        unchecked(host, f::INCOMING_DATAGRAM_STREAM_RECEIVE, &request, |context| {
            context.receive_datagrams(&stream, most)
        })
    }

    fn subscribe(
        host: Host<'_>,
        stream: Resource<IncomingDatagramStream>,
    ) -> wasmtime::Result<Resource<Pollable>> {
        let request = (&stream,);
        infallible(host, f::INCOMING_DATAGRAM_STREAM_SUBSCRIBE, &request, (), |context, _| {
            let datagrams = context.handles.incoming(&stream)?.datagrams;
            context.handles.open(Handle::Pollable(Waits::For(Interest::Datagram(datagrams))))
        })
    }

    fn drop(host: Host<'_>, stream: Resource<IncomingDatagramStream>) -> wasmtime::Result<()> {
        let request = (&stream,);
        infallible(host, f::INCOMING_DATAGRAM_STREAM_DROP, &request, (), |context, _| {
            if let Handle::Incoming(closed) = context.handles.close(&stream)? {
                context.close_stream(closed);
            }
            Ok(())
        })
    }
}

impl HostOutgoingDatagramStreamWithStore<Membrane> for Shim {
    /// One datagram a call: each is decided, and recorded, by itself.
    fn check_send(host: Host<'_>, stream: Resource<OutgoingDatagramStream>) -> HostResult<u64> {
        let request = (&stream,);
        unchecked(host, f::OUTGOING_DATAGRAM_STREAM_CHECK_SEND, &request, |context| {
            context.handles.outgoing(&stream)?;
            Ok(DATAGRAMS_PERMIT_MAX)
        })
    }

    fn send(
        host: Host<'_>,
        stream: Resource<OutgoingDatagramStream>,
        datagrams: Vec<OutgoingDatagram>,
    ) -> HostResult<u64> {
        let request = (&stream, &datagrams);
        fallible(
            host,
            f::OUTGOING_DATAGRAM_STREAM_SEND,
            &request,
            |context| context.outgoing(&stream, &datagrams),
            |context, Outgoing { stream, to, .. }| {
                let (Some(to), Some(datagram)) = (to, datagrams.first()) else { return Ok(0) };
                let names = context.policy.names_of(to.ip());
                context
                    .world
                    .network()
                    .send_datagram(stream.datagrams, to, names, &datagram.data)
                    .map_err(ErrorCode::from)?;
                context.bytes.network_sent += datagram.data.len() as u64;
                context.check_network_bytes()?;
                Ok(1)
            },
        )
    }

    fn subscribe(
        host: Host<'_>,
        stream: Resource<OutgoingDatagramStream>,
    ) -> wasmtime::Result<Resource<Pollable>> {
        let request = (&stream,);
        infallible(host, f::OUTGOING_DATAGRAM_STREAM_SUBSCRIBE, &request, (), |context, _| {
            context.handles.outgoing(&stream)?;
            context.handles.open(Handle::Pollable(Waits::For(Interest::Always)))
        })
    }

    fn drop(host: Host<'_>, stream: Resource<OutgoingDatagramStream>) -> wasmtime::Result<()> {
        let request = (&stream,);
        infallible(host, f::OUTGOING_DATAGRAM_STREAM_DROP, &request, (), |context, _| {
            if let Handle::Outgoing(closed) = context.handles.close(&stream)? {
                context.close_stream(closed);
            }
            Ok(())
        })
    }
}

impl Context {
    fn outgoing(
        &mut self,
        stream: &Resource<OutgoingDatagramStream>,
        datagrams: &[OutgoingDatagram],
    ) -> Outcome<Outgoing, ErrorCode> {
        let stream = *self.handles.outgoing(stream)?;
        if datagrams.len() as u64 > DATAGRAMS_PERMIT_MAX {
            let message = "more datagrams were sent than check-send permits";
            return Err(Fail::Stop(Stop::Misuse(message.into())));
        }
        let Some(datagram) = datagrams.first() else {
            return Ok(Outgoing { stream, to: None, is_answer: false });
        };
        // A header of the fourth version takes 20 bytes of the packet; one of the sixth stands before it.
        let more = if stream.family == IpAddressFamily::Ipv6 { 20 } else { 0 };
        if datagram.data.len() > DATAGRAM_BYTES_MAX + more {
            return Err(ErrorCode::DatagramTooLarge.into());
        }
        let given = datagram.remote_address.as_ref().map(|to| without_scope(SocketAddr::from(to)));
        let to = match (given, stream.remote) {
            (Some(given), Some(tied)) if given != tied => return Err(ErrorCode::InvalidArgument.into()),
            (None, None) => return Err(ErrorCode::InvalidArgument.into()),
            (given, tied) => given.or(tied),
        };
        if !to.is_some_and(|to| address::is_destination(to, stream.family)) {
            return Err(ErrorCode::InvalidArgument.into());
        }
        if to.is_some_and(address::is_broadcast) {
            return Err(ErrorCode::AccessDenied.into());
        }
        let senders = self.handles.udp_of(stream.socket).map(|socket| &socket.senders);
        let is_answer = senders.is_some_and(|senders| to.is_some_and(|to| senders.contains(&to)));
        Ok(Outgoing { stream, to, is_answer })
    }

    fn receive_datagrams(
        &mut self,
        stream: &Resource<IncomingDatagramStream>,
        most: u64,
    ) -> Outcome<Vec<IncomingDatagram>, ErrorCode> {
        let stream = *self.handles.incoming(stream)?;
        let (mut received, mut bytes) = (Vec::new(), 0);
        while (received.len() as u64) < most.min(DATAGRAMS_OF_A_CALL_MAX) && bytes < READ_BYTES_MAX {
            let datagram = match self.world.network().receive_datagram(stream.datagrams) {
                Ok(Some(datagram)) => datagram,
                Ok(None) => break,
                // What has been received counts; the next call reports the error.
                Err(_) if !received.is_empty() => break,
                Err(error) => return Err(ErrorCode::from(error).into()),
            };
            if let Some(socket) = self.handles.udp_of(stream.socket)
                && socket.bound.is_some_and(|(_, is_known)| is_known)
            {
                socket.senders.insert(datagram.from);
            }
            bytes += datagram.bytes.len();
            received.push(IncomingDatagram { data: datagram.bytes, remote_address: datagram.from.into() });
        }
        self.bytes.network_received += bytes as u64;
        self.check_network_bytes()?;
        Ok(received)
    }

    /// One stream of a socket less.
    fn close_stream(&mut self, stream: DatagramStream) {
        if let Some(socket) = self.handles.udp_of(stream.socket) {
            socket.streams = socket.streams.saturating_sub(1);
        }
    }
}
