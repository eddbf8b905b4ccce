//! What only a server needs. A skill exports no handler: it is given no request and nobody to answer, and a response
//! that it makes goes nowhere.

use invar_trace::{FunctionId, functions::http as f};
use wasmtime::component::Resource;

use super::{Fields, OutgoingResponse, request::content_length};
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
    shim::no_methods,
    stop::Stop,
};

no_methods!(HostIncomingRequest, HostResponseOutparam, HostOutgoingResponse);

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
    fn method(host: Host<'_>, request: Resource<IncomingRequest>) -> wasmtime::Result<Method> {
        unreachable(host, f::INCOMING_REQUEST_METHOD, &(&request,))
    }

    fn path_with_query(
        host: Host<'_>,
        request: Resource<IncomingRequest>,
    ) -> wasmtime::Result<Option<String>> {
        unreachable(host, f::INCOMING_REQUEST_PATH_WITH_QUERY, &(&request,))
    }

    fn scheme(host: Host<'_>, request: Resource<IncomingRequest>) -> wasmtime::Result<Option<Scheme>> {
        unreachable(host, f::INCOMING_REQUEST_SCHEME, &(&request,))
    }

    fn authority(host: Host<'_>, request: Resource<IncomingRequest>) -> wasmtime::Result<Option<String>> {
        unreachable(host, f::INCOMING_REQUEST_AUTHORITY, &(&request,))
    }

    fn headers(host: Host<'_>, request: Resource<IncomingRequest>) -> wasmtime::Result<Resource<Headers>> {
        unreachable(host, f::INCOMING_REQUEST_HEADERS, &(&request,))
    }

    fn consume(host: Host<'_>, request: Resource<IncomingRequest>) -> HostResult<Resource<IncomingBody>> {
        unreachable(host, f::INCOMING_REQUEST_CONSUME, &(&request,))
    }

    fn drop(host: Host<'_>, request: Resource<IncomingRequest>) -> wasmtime::Result<()> {
        unreachable(host, f::INCOMING_REQUEST_DROP, &(&request,))
    }
}

impl HostResponseOutparamWithStore<Membrane> for Shim {
    fn send_informational(
        host: Host<'_>,
        param: Resource<ResponseOutparam>,
        status: u16,
        headers: Resource<Headers>,
    ) -> wasmtime::Result<Result<(), ErrorCode>> {
        unreachable(host, f::RESPONSE_OUTPARAM_SEND_INFORMATIONAL, &(&param, status, &headers))
    }

    fn set(
        host: Host<'_>,
        param: Resource<ResponseOutparam>,
        response: Result<Resource<ResponseHandle>, ErrorCode>,
    ) -> wasmtime::Result<()> {
        unreachable(host, f::RESPONSE_OUTPARAM_SET, &(&param, &response))
    }

    fn drop(host: Host<'_>, param: Resource<ResponseOutparam>) -> wasmtime::Result<()> {
        unreachable(host, f::RESPONSE_OUTPARAM_DROP, &(&param,))
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

    fn status_code(host: Host<'_>, response: Resource<ResponseHandle>) -> wasmtime::Result<u16> {
        let request = (&response,);
        infallible(host, f::OUTGOING_RESPONSE_STATUS_CODE, &request, (), |context, _| {
            Ok(context.handles.outgoing_response(&response)?.status)
        })
    }

    fn set_status_code(host: Host<'_>, response: Resource<ResponseHandle>, status: u16) -> HostResult<()> {
        let request = (&response, status);
        unchecked(host, f::OUTGOING_RESPONSE_SET_STATUS_CODE, &request, |context| {
            let response = context.handles.outgoing_response(&response)?;
            match status {
                100..=999 => {
                    response.status = status;
                    Ok(())
                }
                _ => Err(().into()),
            }
        })
    }

    fn headers(host: Host<'_>, response: Resource<ResponseHandle>) -> wasmtime::Result<Resource<Headers>> {
        let request = (&response,);
        infallible(host, f::OUTGOING_RESPONSE_HEADERS, &request, (), |context, _| {
            let fields = Fields::of_message(&context.handles.outgoing_response(&response)?.headers);
            context.handles.open(Handle::Fields(fields))
        })
    }

    fn body(host: Host<'_>, response: Resource<ResponseHandle>) -> HostResult<Resource<OutgoingBody>> {
        let request = (&response,);
        unchecked(host, f::OUTGOING_RESPONSE_BODY, &request, |context| {
            let response = context.handles.outgoing_response(&response)?;
            let expected = content_length(&response.headers)?;
            if response.body.is_some() {
                return Err(().into());
            }
            let body = context.http.open(expected, true);
            response.body = Some(body);
            Ok(context.handles.open(Handle::OutgoingBody(body))?)
        })
    }

    fn drop(host: Host<'_>, response: Resource<ResponseHandle>) -> wasmtime::Result<()> {
        let request = (&response,);
        infallible(host, f::OUTGOING_RESPONSE_DROP, &request, (), |context, _| {
            context.handles.close(&response).map(drop)
        })
    }
}
