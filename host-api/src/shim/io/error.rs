//! `wasi:io/error`

use invar_trace::functions::error as f;
use wasmtime::component::Resource;

use crate::{
    Membrane, Shim,
    bindings::wasi::io::error::{Error, Host as Marker, HostError, HostErrorWithStore},
    funnel::{Host, infallible},
    handles::StreamFailure,
    shim::no_methods,
};

no_methods!(Marker, HostError);

impl HostErrorWithStore<Membrane> for Shim {
    /// One constant text an error: that of an operating system would differ from host to host.
    fn to_debug_string(host: Host<'_>, error: Resource<Error>) -> wasmtime::Result<String> {
        let request = (&error,);
        infallible(host, f::ERROR_TO_DEBUG_STRING, &request, (), |context, _| {
            Ok(match context.handles.failure(&error)? {
                StreamFailure::File(error) => format!("file operation failed: {error:?}"),
                StreamFailure::Network(error) => format!("network operation failed: {error:?}"),
                StreamFailure::Request(error) => format!("HTTP request failed: {error:?}"),
                StreamFailure::BodySize(bytes) => {
                    format!("HTTP request failed: {bytes} bytes are not what content-length says")
                }
            })
        })
    }

    fn drop(host: Host<'_>, error: Resource<Error>) -> wasmtime::Result<()> {
        let request = (&error,);
        infallible(host, f::ERROR_DROP, &request, (), |context, _| context.handles.close(&error).map(drop))
    }
}
