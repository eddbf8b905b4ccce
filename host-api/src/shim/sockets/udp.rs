//! `wasi:sockets/udp`: the sockets. What they send and receive: `datagrams`.

use std::net::SocketAddr;

use invar_envelope::{AccessRequest, Scheme};
use invar_trace::functions::udp as f;
use wasmtime::component::Resource;

use super::{
    address,
    binding::{LocalEndpoint, without_scope},
    clamp,
    udp_socket::{DatagramStream, UdpOptions, UdpState},
};
use crate::{
    Context, Membrane, Shim,
    access_policy::AccessPolicy,
    bindings::wasi::{
        io::poll::Pollable,
        sockets::{
            network::{ErrorCode, IpAddressFamily, IpSocketAddress, Network},
            udp::{
                Host as Marker, HostUdpSocket, HostUdpSocketWithStore, IncomingDatagramStream,
                OutgoingDatagramStream, UdpSocket,
            },
        },
    },
    funnel::{Host, ToAccessRequest, fallible, infallible, unchecked},
    handles::{Handle, Pollable as Waits},
    port::Interest,
    shim::no_methods,
    stop::{Fail, Outcome, Stop},
};

no_methods!(Marker, HostUdpSocket);

type HostResult<T> = wasmtime::Result<Result<T, ErrorCode>>;

/// Whom a socket is to be tied to; none: to nobody.
struct Peer(Option<SocketAddr>);

/// No datagram goes there yet, but from here on each one can.
impl ToAccessRequest for Peer {
    fn access_request<'a>(&'a self, policy: &'a AccessPolicy) -> AccessRequest<'a> {
        match self.0 {
            Some(address) => {
                AccessRequest::Connect { scheme: Scheme::Udp, address, names: policy.names_of(address.ip()) }
            }
            None => AccessRequest::Nothing,
        }
    }
}

fn get<T>(
    context: &mut Context,
    socket: &Resource<UdpSocket>,
    read: fn(&UdpOptions) -> T,
) -> Outcome<T, ErrorCode> {
    Ok(read(&context.handles.udp(socket)?.options))
}

/// Sets an option; none of them can be nothing.
fn set(
    context: &mut Context,
    socket: &Resource<UdpSocket>,
    is_zero: bool,
    write: impl FnOnce(&mut UdpOptions),
) -> Outcome<(), ErrorCode> {
    if is_zero {
        return Err(ErrorCode::InvalidArgument.into());
    }
    write(&mut context.handles.udp(socket)?.options);
    Ok(())
}

impl HostUdpSocketWithStore<Membrane> for Shim {
    fn start_bind(
        host: Host<'_>,
        socket: Resource<UdpSocket>,
        network: Resource<Network>,
        local: IpSocketAddress,
    ) -> HostResult<()> {
        let request = (&socket, &network, &local);
        fallible(
            host,
            f::UDP_SOCKET_START_BIND,
            &request,
            |context| {
                let udp = context.handles.udp(&socket)?;
                let address = without_scope(SocketAddr::from(&local));
                match udp.state {
                    UdpState::Unbound if address::is_of_family(address, udp.family) => {
                        Ok(LocalEndpoint { scheme: Scheme::Udp, address })
                    }
                    UdpState::Unbound => Err(ErrorCode::InvalidArgument.into()),
                    UdpState::Binding => Err(ErrorCode::ConcurrencyConflict.into()),
                    UdpState::Bound(_) => Err(ErrorCode::InvalidState.into()),
                }
            },
            |context, endpoint| {
                let address = context.take_address(&endpoint, socket.rep())?;
                let udp = context.handles.udp(&socket)?;
                udp.bound = Some((address, endpoint.address.port() != 0));
                udp.state = UdpState::Binding;
                Ok(())
            },
        )
    }

    fn finish_bind(host: Host<'_>, socket: Resource<UdpSocket>) -> HostResult<()> {
        let request = (&socket,);
        unchecked(host, f::UDP_SOCKET_FINISH_BIND, &request, |context| {
            let udp = context.handles.udp(&socket)?;
            let (UdpState::Binding, Some((address, is_known))) = (udp.state, udp.bound) else {
                return Err(ErrorCode::NotInProgress.into());
            };
            let datagrams = context.world.network().open_datagrams(address, is_known);
            udp.state = UdpState::Bound(datagrams);
            Ok(())
        })
    }

    fn stream(
        host: Host<'_>,
        socket: Resource<UdpSocket>,
        remote: Option<IpSocketAddress>,
    ) -> HostResult<(Resource<IncomingDatagramStream>, Resource<OutgoingDatagramStream>)> {
        let request = (&socket, &remote);
        fallible(
            host,
            f::UDP_SOCKET_STREAM,
            &request,
            |context| {
                let udp = context.handles.udp(&socket)?;
                if udp.streams > 0 {
                    let message = "stream was called while streams of the socket are open";
                    return Err(Fail::Stop(Stop::Misuse(message.into())));
                }
                match udp.state {
                    UdpState::Unbound => return Err(ErrorCode::InvalidState.into()),
                    UdpState::Binding => return Err(ErrorCode::ConcurrencyConflict.into()),
                    UdpState::Bound(_) => {}
                }
                let remote = remote.as_ref().map(|remote| without_scope(SocketAddr::from(remote)));
                match remote.is_none_or(|remote| address::is_destination(remote, udp.family)) {
                    true if remote.is_some_and(address::is_broadcast) => Err(ErrorCode::AccessDenied.into()),
                    true => Ok(Peer(remote)),
                    false => Err(ErrorCode::InvalidArgument.into()),
                }
            },
            |context, Peer(remote)| {
                let udp = context.handles.udp(&socket)?;
                let UdpState::Bound(datagrams) = udp.state else {
                    return Err(ErrorCode::InvalidState.into());
                };
                udp.remote = remote;
                udp.streams = 2;
                let stream = DatagramStream { socket: socket.rep(), datagrams, family: udp.family, remote };
                context.world.network().tie(datagrams, remote);
                Ok((
                    context.handles.open(Handle::Incoming(stream))?,
                    context.handles.open(Handle::Outgoing(stream))?,
                ))
            },
        )
    }

    fn local_address(host: Host<'_>, socket: Resource<UdpSocket>) -> HostResult<IpSocketAddress> {
        let request = (&socket,);
        unchecked(host, f::UDP_SOCKET_LOCAL_ADDRESS, &request, |context| {
            Ok(context.handles.udp(&socket)?.local()?.into())
        })
    }

    fn remote_address(host: Host<'_>, socket: Resource<UdpSocket>) -> HostResult<IpSocketAddress> {
        let request = (&socket,);
        unchecked(host, f::UDP_SOCKET_REMOTE_ADDRESS, &request, |context| {
            match context.handles.udp(&socket)?.remote {
                Some(remote) => Ok(remote.into()),
                None => Err(ErrorCode::InvalidState.into()),
            }
        })
    }

    fn address_family(host: Host<'_>, socket: Resource<UdpSocket>) -> wasmtime::Result<IpAddressFamily> {
        let request = (&socket,);
        infallible(host, f::UDP_SOCKET_ADDRESS_FAMILY, &request, (), |context, _| {
            context.handles.udp(&socket).map(|socket| socket.family)
        })
    }

    fn unicast_hop_limit(host: Host<'_>, socket: Resource<UdpSocket>) -> HostResult<u8> {
        let request = (&socket,);
        unchecked(host, f::UDP_SOCKET_UNICAST_HOP_LIMIT, &request, |context| {
            get(context, &socket, |options| options.hop_limit)
        })
    }

    fn set_unicast_hop_limit(host: Host<'_>, socket: Resource<UdpSocket>, value: u8) -> HostResult<()> {
        let request = (&socket, value);
        unchecked(host, f::UDP_SOCKET_SET_UNICAST_HOP_LIMIT, &request, |context| {
            set(context, &socket, value == 0, |options| options.hop_limit = value)
        })
    }

    fn receive_buffer_size(host: Host<'_>, socket: Resource<UdpSocket>) -> HostResult<u64> {
        let request = (&socket,);
        unchecked(host, f::UDP_SOCKET_RECEIVE_BUFFER_SIZE, &request, |context| {
            get(context, &socket, |options| options.receive_buffer)
        })
    }

    fn set_receive_buffer_size(host: Host<'_>, socket: Resource<UdpSocket>, value: u64) -> HostResult<()> {
        let request = (&socket, value);
        unchecked(host, f::UDP_SOCKET_SET_RECEIVE_BUFFER_SIZE, &request, |context| {
            set(context, &socket, value == 0, |options| options.receive_buffer = clamp::receive_buffer(value))
        })
    }

    fn send_buffer_size(host: Host<'_>, socket: Resource<UdpSocket>) -> HostResult<u64> {
        let request = (&socket,);
        unchecked(host, f::UDP_SOCKET_SEND_BUFFER_SIZE, &request, |context| {
            get(context, &socket, |options| options.send_buffer)
        })
    }

    fn set_send_buffer_size(host: Host<'_>, socket: Resource<UdpSocket>, value: u64) -> HostResult<()> {
        let request = (&socket, value);
        unchecked(host, f::UDP_SOCKET_SET_SEND_BUFFER_SIZE, &request, |context| {
            set(context, &socket, value == 0, |options| options.send_buffer = clamp::send_buffer(value))
        })
    }

    /// Nothing that a socket itself does takes time.
    fn subscribe(host: Host<'_>, socket: Resource<UdpSocket>) -> wasmtime::Result<Resource<Pollable>> {
        let request = (&socket,);
        infallible(host, f::UDP_SOCKET_SUBSCRIBE, &request, (), |context, _| {
            context.handles.udp(&socket)?;
            context.handles.open(Handle::Pollable(Waits::For(Interest::Always)))
        })
    }

    fn drop(host: Host<'_>, socket: Resource<UdpSocket>) -> wasmtime::Result<()> {
        let request = (&socket,);
        infallible(host, f::UDP_SOCKET_DROP, &request, (), |context, _| {
            if let Handle::Udp(closed) = context.handles.close(&socket)? {
                if let UdpState::Bound(datagrams) = closed.state {
                    context.world.network().close_datagrams(datagrams);
                }
                if let Some((address, _)) = closed.bound {
                    context.world.network().unbind(Scheme::Udp, address);
                }
            }
            Ok(())
        })
    }
}
