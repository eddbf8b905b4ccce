//! `wasi:http/types`: the function that belongs to no resource.

use invar_trace::functions::http as f;
use wasmtime::component::Resource;

use crate::{
    Membrane, Shim,
    bindings::wasi::{
        http::types::{ErrorCode, Host as Marker, HostWithStore},
        io::error::Error,
    },
    funnel::{Host, infallible},
    handles::StreamFailure,
    shim::no_methods,
};

no_methods!(Marker);

impl HostWithStore<Membrane> for Shim {
    fn http_error_code(host: Host<'_>, error: Resource<Error>) -> wasmtime::Result<Option<ErrorCode>> {
        let request = (&error,);
        infallible(host, f::HTTP_ERROR_CODE, &request, (), |context, _| {
            Ok(match *context.handles.failure(&error)? {
                StreamFailure::Request(error) => Some(error.into()),
                StreamFailure::BodySize(bytes) => Some(ErrorCode::HttpRequestBodySize(Some(bytes))),
                StreamFailure::File(_) | StreamFailure::Network(_) => None,
            })
        })
    }
}
