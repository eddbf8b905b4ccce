//! `wasi:sockets/instance-network`

use invar_trace::functions::instance_network as f;
use wasmtime::component::Resource;

use crate::{
    Membrane, Shim,
    bindings::wasi::sockets::{
        instance_network::{Host as Marker, HostWithStore},
        network::Network,
    },
    funnel::{Host, NO_ARGUMENTS, infallible},
    handles::Handle,
    shim::no_methods,
};

no_methods!(Marker);

impl HostWithStore<Membrane> for Shim {
    fn instance_network(host: Host<'_>) -> wasmtime::Result<Resource<Network>> {
        infallible(host, f::INSTANCE_NETWORK, NO_ARGUMENTS, (), |context, _| {
            context.handles.open(Handle::Network)
        })
    }
}
