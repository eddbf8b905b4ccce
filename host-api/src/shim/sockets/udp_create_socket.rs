//! `wasi:sockets/udp-create-socket`

use invar_trace::functions::udp_create_socket as f;
use wasmtime::component::Resource;

use super::UdpSocket as Own;
use crate::{
    Membrane, Shim,
    bindings::wasi::sockets::{
        network::{ErrorCode, IpAddressFamily},
        udp::UdpSocket,
        udp_create_socket::{Host as Marker, HostWithStore},
    },
    funnel::{Host, unchecked},
    handles::Handle,
    shim::no_methods,
};

no_methods!(Marker);

impl HostWithStore<Membrane> for Shim {
    /// To make a socket asks for nothing: where it sends, and where it waits, does.
    fn create_udp_socket(
        host: Host<'_>,
        family: IpAddressFamily,
    ) -> wasmtime::Result<Result<Resource<UdpSocket>, ErrorCode>> {
        unchecked(host, f::CREATE_UDP_SOCKET, &(family,), |context| {
            Ok(context.handles.open(Handle::Udp(Box::new(Own::new(family))))?)
        })
    }
}
