//! `incoming-response`, `incoming-body` and `outgoing-body`

use invar_trace::functions::http as f;
use wasmtime::component::Resource;

use super::{Awaited, Fields, IncomingBody, bodies::Finish};
use crate::{
    Context, Membrane, Shim,
    bindings::wasi::{
        http::types::{
            ErrorCode, FutureTrailers, Headers, HostIncomingBody, HostIncomingBodyWithStore,
            HostIncomingResponse, HostIncomingResponseWithStore, HostOutgoingBody, HostOutgoingBodyWithStore,
            IncomingBody as IncomingBodyHandle, IncomingResponse, OutgoingBody, Trailers,
        },
        io::streams::{InputStream, OutputStream},
    },
    funnel::{Host, infallible, unchecked},
    handles::{Handle, Input, Sink},
    port::EndOfRequest,
    port::FieldList,
    shim::no_methods,
    stop::Stop,
};

no_methods!(HostIncomingResponse, HostIncomingBody, HostOutgoingBody);

type HostResult<T> = wasmtime::Result<Result<T, ()>>;

impl HostIncomingResponseWithStore<Membrane> for Shim {
    fn status(host: Host<'_>, response: Resource<IncomingResponse>) -> wasmtime::Result<u16> {
        let request = (&response,);
        infallible(host, f::INCOMING_RESPONSE_STATUS, &request, (), |context, _| {
            Ok(context.handles.response(&response)?.status)
        })
    }

    fn headers(host: Host<'_>, response: Resource<IncomingResponse>) -> wasmtime::Result<Resource<Headers>> {
        let request = (&response,);
        infallible(host, f::INCOMING_RESPONSE_HEADERS, &request, (), |context, _| {
            let fields = Fields::of_message(&context.handles.response(&response)?.headers);
            context.handles.open(Handle::Fields(fields))
        })
    }

    fn consume(
        host: Host<'_>,
        response: Resource<IncomingResponse>,
    ) -> HostResult<Resource<IncomingBodyHandle>> {
        let request = (&response,);
        unchecked(host, f::INCOMING_RESPONSE_CONSUME, &request, |context| {
            let response = context.handles.response(&response)?;
            if response.is_consumed {
                return Err(().into());
            }
            response.is_consumed = true;
            let body = IncomingBody { exchange: response.exchange, is_read: false };
            Ok(context.handles.open(Handle::IncomingBody(body))?)
        })
    }

    fn drop(host: Host<'_>, response: Resource<IncomingResponse>) -> wasmtime::Result<()> {
        let request = (&response,);
        infallible(host, f::INCOMING_RESPONSE_DROP, &request, (), |context, _| {
            if let Handle::Response(response) = context.handles.close(&response)?
                && !response.is_consumed
            {
                context.world.network().forget(response.exchange);
            }
            Ok(())
        })
    }
}

impl HostIncomingBodyWithStore<Membrane> for Shim {
    fn stream(host: Host<'_>, body: Resource<IncomingBodyHandle>) -> HostResult<Resource<InputStream>> {
        let request = (&body,);
        unchecked(host, f::INCOMING_BODY_STREAM, &request, |context| {
            let body = context.handles.incoming_body(&body)?;
            if body.is_read {
                return Err(().into());
            }
            body.is_read = true;
            let exchange = body.exchange;
            context.http.start_reading(exchange);
            let input = Input::Body { exchange, is_over: false };
            Ok(context.handles.open(Handle::Input(input))?)
        })
    }

    fn finish(
        host: Host<'_>,
        body: Resource<IncomingBodyHandle>,
    ) -> wasmtime::Result<Resource<FutureTrailers>> {
        let request = (&body,);
        infallible(host, f::INCOMING_BODY_FINISH, &request, (), |context, _| {
            let exchange = context.handles.incoming_body(&body)?.exchange;
            context.http.check_read(exchange)?;
            context.handles.close(&body)?;
            context.handles.open(Handle::FutureTrailers(Awaited::new(exchange)))
        })
    }

    fn drop(host: Host<'_>, body: Resource<IncomingBodyHandle>) -> wasmtime::Result<()> {
        let request = (&body,);
        infallible(host, f::INCOMING_BODY_DROP, &request, (), |context, _| {
            let exchange = context.handles.incoming_body(&body)?.exchange;
            context.http.check_read(exchange)?;
            context.world.network().forget(exchange);
            context.handles.close(&body).map(drop)
        })
    }
}

impl HostOutgoingBodyWithStore<Membrane> for Shim {
    fn write(host: Host<'_>, body: Resource<OutgoingBody>) -> HostResult<Resource<OutputStream>> {
        let request = (&body,);
        unchecked(host, f::OUTGOING_BODY_WRITE, &request, |context| {
            let body = *context.handles.outgoing_body(&body)?;
            match context.http.take_stream(body) {
                true => Ok(context.handles.open(Handle::Output(Sink::Body(body)))?),
                false => Err(().into()),
            }
        })
    }

    fn finish(
        host: Host<'_>,
        body: Resource<OutgoingBody>,
        trailers: Option<Resource<Trailers>>,
    ) -> wasmtime::Result<Result<(), ErrorCode>> {
        let request = (&body, &trailers);
        unchecked(host, f::OUTGOING_BODY_FINISH, &request, |context| {
            let trailers = match &trailers {
                None => FieldList::default(),
                Some(trailers) => context.take_fields(trailers)?.list().clone(),
            };
            match context.end_body(&body, EndOfRequest::Whole(trailers))? {
                Finish::Whole => Ok(()),
                Finish::WrongSize(bytes) => Err(ErrorCode::HttpRequestBodySize(Some(bytes)).into()),
            }
        })
    }

    fn drop(host: Host<'_>, body: Resource<OutgoingBody>) -> wasmtime::Result<()> {
        let request = (&body,);
        infallible(host, f::OUTGOING_BODY_DROP, &request, (), |context, _| {
            context.end_body(&body, EndOfRequest::Abandoned).map(drop)
        })
    }
}

impl Context {
    /// A skill gives an outgoing body out of its hands, finished or not.
    fn end_body(&mut self, body: &Resource<OutgoingBody>, end: EndOfRequest) -> Result<Finish, Stop> {
        let id = *self.handles.outgoing_body(body)?;
        let (finish, sent) = self.http.end(id, end, self.world.network())?;
        self.handles.close(body)?;
        self.bytes.network_sent += sent;
        self.check_network_bytes()?;
        Ok(finish)
    }
}
