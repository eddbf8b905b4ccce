//! `wasi:sockets/tcp-create-socket`

use invar_trace::functions::tcp_create_socket as f;
use wasmtime::component::Resource;

use super::Socket;
use crate::{
    Membrane, Shim,
    bindings::wasi::sockets::{
        network::{ErrorCode, IpAddressFamily},
        tcp::TcpSocket,
        tcp_create_socket::{Host as Marker, HostWithStore},
    },
    funnel::{Host, unchecked},
    handles::Handle,
    shim::no_methods,
};

no_methods!(Marker);

impl HostWithStore<Membrane> for Shim {
    /// To make a socket asks for nothing: where it goes does.
    fn create_tcp_socket(
        host: Host<'_>,
        family: IpAddressFamily,
    ) -> wasmtime::Result<Result<Resource<TcpSocket>, ErrorCode>> {
        unchecked(host, f::CREATE_TCP_SOCKET, &(family,), |context| {
            Ok(context.handles.open(Handle::Socket(Box::new(Socket::new(family))))?)
        })
    }
}
