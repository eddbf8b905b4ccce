//! `wasi:sockets/udp`: not supported yet. `create-udp-socket` says so; what needs a socket cannot be reached, and
//! says the same.

use invar_trace::functions::udp as f;
use wasmtime::component::Resource;

use crate::{
    Membrane, Shim,
    bindings::wasi::{
        io::poll::Pollable,
        sockets::{
            network::{ErrorCode, IpAddressFamily, IpSocketAddress, Network},
            udp::{
                Host as Marker, HostIncomingDatagramStream, HostIncomingDatagramStreamWithStore,
                HostOutgoingDatagramStream, HostOutgoingDatagramStreamWithStore, HostUdpSocket,
                HostUdpSocketWithStore, IncomingDatagram, IncomingDatagramStream, OutgoingDatagram,
                OutgoingDatagramStream, UdpSocket,
            },
        },
    },
    funnel::{Host, free, plain},
    record::{Answer as Recorded, Record},
    shim::no_methods,
    stop::Stop,
};

no_methods!(Marker, HostUdpSocket, HostIncomingDatagramStream, HostOutgoingDatagramStream);

type Answer<T> = wasmtime::Result<Result<T, ErrorCode>>;

/// A function that can say that it is not supported.
fn unsupported<Q: Record, T: Recorded>(
    host: Host<'_>,
    function: invar_trace::FunctionId,
    request: &Q,
) -> Answer<T> {
    free(host, function, request, |_| Err(ErrorCode::NotSupported.into()))
}

/// A function that cannot fail: it needs a handle, and there are none.
fn unreachable<Q: Record, T: Recorded>(
    host: Host<'_>,
    function: invar_trace::FunctionId,
    request: &Q,
) -> wasmtime::Result<T> {
    plain(host, function, request, (), |_, _| Err(Stop::Misuse("there are no UDP sockets".into())))
}

impl HostUdpSocketWithStore<Membrane> for Shim {
    fn start_bind(
        host: Host<'_>,
        socket: Resource<UdpSocket>,
        network: Resource<Network>,
        local: IpSocketAddress,
    ) -> Answer<()> {
        unsupported(host, f::UDP_SOCKET_START_BIND, &(&socket, &network, &local))
    }

    fn finish_bind(host: Host<'_>, socket: Resource<UdpSocket>) -> Answer<()> {
        unsupported(host, f::UDP_SOCKET_FINISH_BIND, &(&socket,))
    }

    fn stream(
        host: Host<'_>,
        socket: Resource<UdpSocket>,
        remote: Option<IpSocketAddress>,
    ) -> Answer<(Resource<IncomingDatagramStream>, Resource<OutgoingDatagramStream>)> {
        unsupported(host, f::UDP_SOCKET_STREAM, &(&socket, &remote))
    }

    fn local_address(host: Host<'_>, socket: Resource<UdpSocket>) -> Answer<IpSocketAddress> {
        unsupported(host, f::UDP_SOCKET_LOCAL_ADDRESS, &(&socket,))
    }

    fn remote_address(host: Host<'_>, socket: Resource<UdpSocket>) -> Answer<IpSocketAddress> {
        unsupported(host, f::UDP_SOCKET_REMOTE_ADDRESS, &(&socket,))
    }

    fn address_family(host: Host<'_>, socket: Resource<UdpSocket>) -> wasmtime::Result<IpAddressFamily> {
        unreachable(host, f::UDP_SOCKET_ADDRESS_FAMILY, &(&socket,))
    }

    fn unicast_hop_limit(host: Host<'_>, socket: Resource<UdpSocket>) -> Answer<u8> {
        unsupported(host, f::UDP_SOCKET_UNICAST_HOP_LIMIT, &(&socket,))
    }

    fn set_unicast_hop_limit(host: Host<'_>, socket: Resource<UdpSocket>, value: u8) -> Answer<()> {
        unsupported(host, f::UDP_SOCKET_SET_UNICAST_HOP_LIMIT, &(&socket, value))
    }

    fn receive_buffer_size(host: Host<'_>, socket: Resource<UdpSocket>) -> Answer<u64> {
        unsupported(host, f::UDP_SOCKET_RECEIVE_BUFFER_SIZE, &(&socket,))
    }

    fn set_receive_buffer_size(host: Host<'_>, socket: Resource<UdpSocket>, value: u64) -> Answer<()> {
        unsupported(host, f::UDP_SOCKET_SET_RECEIVE_BUFFER_SIZE, &(&socket, value))
    }

    fn send_buffer_size(host: Host<'_>, socket: Resource<UdpSocket>) -> Answer<u64> {
        unsupported(host, f::UDP_SOCKET_SEND_BUFFER_SIZE, &(&socket,))
    }

    fn set_send_buffer_size(host: Host<'_>, socket: Resource<UdpSocket>, value: u64) -> Answer<()> {
        unsupported(host, f::UDP_SOCKET_SET_SEND_BUFFER_SIZE, &(&socket, value))
    }

    fn subscribe(host: Host<'_>, socket: Resource<UdpSocket>) -> wasmtime::Result<Resource<Pollable>> {
        unreachable(host, f::UDP_SOCKET_SUBSCRIBE, &(&socket,))
    }

    fn drop(host: Host<'_>, socket: Resource<UdpSocket>) -> wasmtime::Result<()> {
        unreachable(host, f::UDP_SOCKET_DROP, &(&socket,))
    }
}

impl HostIncomingDatagramStreamWithStore<Membrane> for Shim {
    fn receive(
        host: Host<'_>,
        socket: Resource<IncomingDatagramStream>,
        most: u64,
    ) -> Answer<Vec<IncomingDatagram>> {
        unsupported(host, f::INCOMING_DATAGRAM_STREAM_RECEIVE, &(&socket, most))
    }

    fn subscribe(
        host: Host<'_>,
        socket: Resource<IncomingDatagramStream>,
    ) -> wasmtime::Result<Resource<Pollable>> {
        unreachable(host, f::INCOMING_DATAGRAM_STREAM_SUBSCRIBE, &(&socket,))
    }

    fn drop(host: Host<'_>, socket: Resource<IncomingDatagramStream>) -> wasmtime::Result<()> {
        unreachable(host, f::INCOMING_DATAGRAM_STREAM_DROP, &(&socket,))
    }
}

impl HostOutgoingDatagramStreamWithStore<Membrane> for Shim {
    fn check_send(host: Host<'_>, socket: Resource<OutgoingDatagramStream>) -> Answer<u64> {
        unsupported(host, f::OUTGOING_DATAGRAM_STREAM_CHECK_SEND, &(&socket,))
    }

    fn send(
        host: Host<'_>,
        socket: Resource<OutgoingDatagramStream>,
        datagrams: Vec<OutgoingDatagram>,
    ) -> Answer<u64> {
        unsupported(host, f::OUTGOING_DATAGRAM_STREAM_SEND, &(&socket, &datagrams))
    }

    fn subscribe(
        host: Host<'_>,
        socket: Resource<OutgoingDatagramStream>,
    ) -> wasmtime::Result<Resource<Pollable>> {
        unreachable(host, f::OUTGOING_DATAGRAM_STREAM_SUBSCRIBE, &(&socket,))
    }

    fn drop(host: Host<'_>, socket: Resource<OutgoingDatagramStream>) -> wasmtime::Result<()> {
        unreachable(host, f::OUTGOING_DATAGRAM_STREAM_DROP, &(&socket,))
    }
}
