//! `wasi:sockets/network`

use invar_trace::functions::network as f;
use wasmtime::component::Resource;

use crate::{
    Membrane, Shim,
    bindings::wasi::{
        io::error::Error,
        sockets::network::{
            ErrorCode, Host as Marker, HostNetwork, HostNetworkWithStore, HostWithStore, Network,
        },
    },
    funnel::{Host, infallible},
    handles::StreamFailure,
    shim::no_methods,
};

no_methods!(Marker, HostNetwork);

impl HostNetworkWithStore<Membrane> for Shim {
    fn drop(host: Host<'_>, network: Resource<Network>) -> wasmtime::Result<()> {
        let request = (&network,);
        infallible(host, f::NETWORK_DROP, &request, (), |context, _| {
            context.handles.close(&network).map(drop)
        })
    }
}

impl HostWithStore<Membrane> for Shim {
    fn network_error_code(host: Host<'_>, error: Resource<Error>) -> wasmtime::Result<Option<ErrorCode>> {
        let request = (&error,);
        infallible(host, f::NETWORK_ERROR_CODE, &request, (), |context, _| {
            Ok(match *context.handles.failure(&error)? {
                StreamFailure::Network(error) => Some(error.into()),
                StreamFailure::File(_) | StreamFailure::Request(_) | StreamFailure::BodySize(_) => None,
            })
        })
    }
}
