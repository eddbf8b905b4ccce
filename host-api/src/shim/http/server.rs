//! What only a server needs. A skill exports no handler: it is given no request and nobody to answer, and a response
//! that it makes goes nowhere.

use invar_trace::{FunctionId, functions::http as f};
use wasmtime::component::Resource;

use super::{BodyId, Fields, request::content_length};
use crate::{
    Membrane, Shim,
    bindings::wasi::http::types::{
        ErrorCode, Headers, HostIncomingRequest, HostIncomingRequestWithStore, HostOutgoingResponse,
        HostOutgoingResponseWithStore, HostResponseOutparam, HostResponseOutparamWithStore, IncomingBody,
        IncomingRequest, Method, OutgoingBody, OutgoingResponse as ResponseHandle, ResponseOutparam, Scheme,
    },
    codec::{Decode as Recorded, Encode},
    funnel::{Host, infallible, unchecked},
    handles::Handle,
    port::FieldList,
    shim::no_methods,
    stop::Stop,
};

no_methods!(HostIncomingRequest, HostResponseOutparam, HostOutgoingResponse);

/// A response that is being made.
#[derive(Debug, Clone)]
pub(crate) struct OutgoingResponse {
    status: u16,
    headers: FieldList,
    body: Option<BodyId>,
}

type HostResult<T> = wasmtime::Result<Result<T, ()>>;

/// A function that needs a handle of which there are none.
fn unreachable<Q: Encode, T: Recorded>(
    host: Host<'_>,
    function: FunctionId,
    request: &Q,
) -> wasmtime::Result<T> {
    infallible(host, function, request, (), |_, _| Err(Stop::Misuse("there are no incoming requests".into())))
}

impl HostIncomingRequestWithStore<Membrane> for Shim {
    fn method(host: Host<'_>, own: Resource<IncomingRequest>) -> wasmtime::Result<Method> {
        unreachable(host, f::INCOMING_REQUEST_METHOD, &(&own,))
    }

    fn path_with_query(host: Host<'_>, own: Resource<IncomingRequest>) -> wasmtime::Result<Option<String>> {
        unreachable(host, f::INCOMING_REQUEST_PATH_WITH_QUERY, &(&own,))
    }

    fn scheme(host: Host<'_>, own: Resource<IncomingRequest>) -> wasmtime::Result<Option<Scheme>> {
        unreachable(host, f::INCOMING_REQUEST_SCHEME, &(&own,))
    }

    fn authority(host: Host<'_>, own: Resource<IncomingRequest>) -> wasmtime::Result<Option<String>> {
        unreachable(host, f::INCOMING_REQUEST_AUTHORITY, &(&own,))
    }

    fn headers(host: Host<'_>, own: Resource<IncomingRequest>) -> wasmtime::Result<Resource<Headers>> {
        unreachable(host, f::INCOMING_REQUEST_HEADERS, &(&own,))
    }

    fn consume(host: Host<'_>, own: Resource<IncomingRequest>) -> HostResult<Resource<IncomingBody>> {
        unreachable(host, f::INCOMING_REQUEST_CONSUME, &(&own,))
    }

    fn drop(host: Host<'_>, own: Resource<IncomingRequest>) -> wasmtime::Result<()> {
        unreachable(host, f::INCOMING_REQUEST_DROP, &(&own,))
    }
}

impl HostResponseOutparamWithStore<Membrane> for Shim {
    fn send_informational(
        host: Host<'_>,
        own: Resource<ResponseOutparam>,
        status: u16,
        headers: Resource<Headers>,
    ) -> wasmtime::Result<Result<(), ErrorCode>> {
        unreachable(host, f::RESPONSE_OUTPARAM_SEND_INFORMATIONAL, &(&own, status, &headers))
    }

    fn set(
        host: Host<'_>,
        own: Resource<ResponseOutparam>,
        response: Result<Resource<ResponseHandle>, ErrorCode>,
    ) -> wasmtime::Result<()> {
        unreachable(host, f::RESPONSE_OUTPARAM_SET, &(&own, &response))
    }

    fn drop(host: Host<'_>, own: Resource<ResponseOutparam>) -> wasmtime::Result<()> {
        unreachable(host, f::RESPONSE_OUTPARAM_DROP, &(&own,))
    }
}

impl HostOutgoingResponseWithStore<Membrane> for Shim {
    fn new(host: Host<'_>, headers: Resource<Headers>) -> wasmtime::Result<Resource<ResponseHandle>> {
        let request = (&headers,);
        infallible(host, f::OUTGOING_RESPONSE_NEW, &request, (), |context, _| {
            let headers = context.take_fields(&headers)?.list().clone();
            let response = OutgoingResponse { status: 200, headers, body: None };
            context.handles.open(Handle::OutgoingResponse(response))
        })
    }

    fn status_code(host: Host<'_>, own: Resource<ResponseHandle>) -> wasmtime::Result<u16> {
        let request = (&own,);
        infallible(host, f::OUTGOING_RESPONSE_STATUS_CODE, &request, (), |context, _| {
            Ok(context.handles.outgoing_response(&own)?.status)
        })
    }

    fn set_status_code(host: Host<'_>, own: Resource<ResponseHandle>, status: u16) -> HostResult<()> {
        let request = (&own, status);
        unchecked(host, f::OUTGOING_RESPONSE_SET_STATUS_CODE, &request, |context| {
            let own = context.handles.outgoing_response(&own)?;
            match status {
                100..=999 => {
                    own.status = status;
                    Ok(())
                }
                _ => Err(().into()),
            }
        })
    }

    fn headers(host: Host<'_>, own: Resource<ResponseHandle>) -> wasmtime::Result<Resource<Headers>> {
        let request = (&own,);
        infallible(host, f::OUTGOING_RESPONSE_HEADERS, &request, (), |context, _| {
            let fields = Fields::of_message(&context.handles.outgoing_response(&own)?.headers);
            context.handles.open(Handle::Fields(fields))
        })
    }

    fn body(host: Host<'_>, own: Resource<ResponseHandle>) -> HostResult<Resource<OutgoingBody>> {
        let request = (&own,);
        unchecked(host, f::OUTGOING_RESPONSE_BODY, &request, |context| {
            let own = context.handles.outgoing_response(&own)?;
            let expected = content_length(&own.headers)?;
            if own.body.is_some() {
                return Err(().into());
            }
            let body = context.http.open(expected, true);
            own.body = Some(body);
            Ok(context.handles.open(Handle::OutgoingBody(body))?)
        })
    }

    fn drop(host: Host<'_>, own: Resource<ResponseHandle>) -> wasmtime::Result<()> {
        let request = (&own,);
        infallible(host, f::OUTGOING_RESPONSE_DROP, &request, (), |context, _| {
            context.handles.close(&own).map(drop)
        })
    }
}
