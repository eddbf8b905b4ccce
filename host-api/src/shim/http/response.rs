//! `incoming-response`, `incoming-body` and `outgoing-body`

use invar_trace::functions::http as f;
use wasmtime::component::Resource;

use super::{Awaited, Fields, IncomingBody, bodies::Finish};
use crate::{
    Membrane, Shim,
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
    shim::no_methods,
    stop::Stop,
};

no_methods!(HostIncomingResponse, HostIncomingBody, HostOutgoingBody);

type HostResult<T> = wasmtime::Result<Result<T, ()>>;

impl HostIncomingResponseWithStore<Membrane> for Shim {
    fn status(host: Host<'_>, response: Resource<IncomingResponse>) -> wasmtime::Result<u16> {
        let request = (&response,);
        infallible(host, f::INCOMING_RESPONSE_STATUS, &request, (), |membrane, _| {
            Ok(membrane.handles.response(&response)?.status)
        })
    }

    fn headers(host: Host<'_>, response: Resource<IncomingResponse>) -> wasmtime::Result<Resource<Headers>> {
        let request = (&response,);
        infallible(host, f::INCOMING_RESPONSE_HEADERS, &request, (), |membrane, _| {
            let fields = Fields::of_message(&membrane.handles.response(&response)?.headers);
            membrane.handles.open(Handle::Fields(fields))
        })
    }

    fn consume(
        host: Host<'_>,
        response: Resource<IncomingResponse>,
    ) -> HostResult<Resource<IncomingBodyHandle>> {
        let request = (&response,);
        unchecked(host, f::INCOMING_RESPONSE_CONSUME, &request, |membrane| {
            let own = membrane.handles.response(&response)?;
            if own.is_consumed {
                return Err(().into());
            }
            own.is_consumed = true;
            let body = IncomingBody { exchange: own.exchange, is_read: false };
            Ok(membrane.handles.open(Handle::IncomingBody(body))?)
        })
    }

    fn drop(host: Host<'_>, response: Resource<IncomingResponse>) -> wasmtime::Result<()> {
        let request = (&response,);
        infallible(host, f::INCOMING_RESPONSE_DROP, &request, (), |membrane, _| {
            if let Handle::Response(own) = membrane.handles.close(&response)?
                && !own.is_consumed
            {
                membrane.ports.network.forget(own.exchange);
            }
            Ok(())
        })
    }
}

impl HostIncomingBodyWithStore<Membrane> for Shim {
    fn stream(host: Host<'_>, body: Resource<IncomingBodyHandle>) -> HostResult<Resource<InputStream>> {
        let request = (&body,);
        unchecked(host, f::INCOMING_BODY_STREAM, &request, |membrane| {
            let own = membrane.handles.incoming_body(&body)?;
            if own.is_read {
                return Err(().into());
            }
            own.is_read = true;
            let exchange = own.exchange;
            membrane.http.start_reading(exchange);
            let input = Input::Body { exchange, is_over: false };
            Ok(membrane.handles.open(Handle::Input(input))?)
        })
    }

    fn finish(
        host: Host<'_>,
        body: Resource<IncomingBodyHandle>,
    ) -> wasmtime::Result<Resource<FutureTrailers>> {
        let request = (&body,);
        infallible(host, f::INCOMING_BODY_FINISH, &request, (), |membrane, _| {
            let exchange = membrane.handles.incoming_body(&body)?.exchange;
            membrane.http.check_read(exchange)?;
            membrane.handles.close(&body)?;
            membrane.handles.open(Handle::FutureTrailers(Awaited::new(exchange)))
        })
    }

    fn drop(host: Host<'_>, body: Resource<IncomingBodyHandle>) -> wasmtime::Result<()> {
        let request = (&body,);
        infallible(host, f::INCOMING_BODY_DROP, &request, (), |membrane, _| {
            let exchange = membrane.handles.incoming_body(&body)?.exchange;
            membrane.http.check_read(exchange)?;
            membrane.ports.network.forget(exchange);
            membrane.handles.close(&body).map(drop)
        })
    }
}

impl HostOutgoingBodyWithStore<Membrane> for Shim {
    fn write(host: Host<'_>, body: Resource<OutgoingBody>) -> HostResult<Resource<OutputStream>> {
        let request = (&body,);
        unchecked(host, f::OUTGOING_BODY_WRITE, &request, |membrane| {
            let own = *membrane.handles.outgoing_body(&body)?;
            match membrane.http.take_stream(own) {
                true => Ok(membrane.handles.open(Handle::Output(Sink::Body(own)))?),
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
        unchecked(host, f::OUTGOING_BODY_FINISH, &request, |membrane| {
            let trailers = match &trailers {
                None => 0,
                Some(trailers) => {
                    let fields = membrane.take_fields(trailers)?;
                    fields.list().iter().map(|(name, value)| (name.len() + value.len()) as u64).sum()
                }
            };
            match membrane.end_body(&body, true, trailers)? {
                Finish::Whole => Ok(()),
                Finish::WrongSize(bytes) => Err(ErrorCode::HttpRequestBodySize(Some(bytes)).into()),
            }
        })
    }

    fn drop(host: Host<'_>, body: Resource<OutgoingBody>) -> wasmtime::Result<()> {
        let request = (&body,);
        infallible(host, f::OUTGOING_BODY_DROP, &request, (), |membrane, _| {
            membrane.end_body(&body, false, 0).map(drop)
        })
    }
}

impl Membrane {
    /// A skill gives an outgoing body out of its hands, finished or not.
    fn end_body(
        &mut self,
        body: &Resource<OutgoingBody>,
        finished: bool,
        trailers: u64,
    ) -> Result<Finish, Stop> {
        let own = *self.handles.outgoing_body(body)?;
        let now_ns = self.ports.clocks.reached_ns();
        let (finish, sent) = self.http.end(own, finished, trailers, &mut *self.ports.network, now_ns)?;
        self.handles.close(body)?;
        self.bytes.network_sent += sent;
        self.check_network_bytes()?;
        Ok(finish)
    }
}
