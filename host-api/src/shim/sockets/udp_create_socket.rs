//! `wasi:sockets/udp-create-socket`: not supported yet, so no skill ever holds a UDP socket.

use invar_trace::functions::udp_create_socket as f;
use wasmtime::component::Resource;

use crate::{
    Membrane, Shim,
    bindings::wasi::sockets::{
        network::{ErrorCode, IpAddressFamily},
        udp::UdpSocket,
        udp_create_socket::{Host as Marker, HostWithStore},
    },
    funnel::{Host, free},
    shim::no_methods,
};

no_methods!(Marker);

impl HostWithStore<Membrane> for Shim {
    fn create_udp_socket(
        host: Host<'_>,
        family: IpAddressFamily,
    ) -> wasmtime::Result<Result<Resource<UdpSocket>, ErrorCode>> {
        free(host, f::CREATE_UDP_SOCKET, &(family,), |_| Err(ErrorCode::NotSupported.into()))
    }
}
