//! `future-incoming-response` and `future-trailers`: what can be had once.

use std::task::Poll;

use invar_trace::functions::http as f;
use wasmtime::component::Resource;

use super::{Awaited, Fields, IncomingResponse};
use crate::{
    Membrane, Shim,
    bindings::wasi::{
        http::types::{
            ErrorCode, FutureIncomingResponse, FutureTrailers, HostFutureIncomingResponse,
            HostFutureIncomingResponseWithStore, HostFutureTrailers, HostFutureTrailersWithStore,
            IncomingResponse as ResponseHandle, Trailers,
        },
        io::poll::Pollable,
    },
    funnel::{Host, infallible},
    handles::{Handle, Pollable as Waits},
    port::Interest,
    shim::no_methods,
};

no_methods!(HostFutureIncomingResponse, HostFutureTrailers);

/// What a future answers: nothing yet, that it was had, or how it came out.
type Future<T> = wasmtime::Result<Option<Result<Result<T, ErrorCode>, ()>>>;

impl HostFutureIncomingResponseWithStore<Membrane> for Shim {
    fn subscribe(
        host: Host<'_>,
        future: Resource<FutureIncomingResponse>,
    ) -> wasmtime::Result<Resource<Pollable>> {
        let request = (&future,);
        infallible(host, f::FUTURE_INCOMING_RESPONSE_SUBSCRIBE, &request, (), |context, _| {
            let awaited = *context.handles.future_response(&future)?;
            let interest = if awaited.is_taken { Interest::Always } else { Interest::Head(awaited.exchange) };
            context.handles.open(Handle::Pollable(Waits::For(interest)))
        })
    }

    fn get(host: Host<'_>, future: Resource<FutureIncomingResponse>) -> Future<Resource<ResponseHandle>> {
        let request = (&future,);
        infallible(host, f::FUTURE_INCOMING_RESPONSE_GET, &request, (), |context, _| {
            let Awaited { exchange, is_taken } = *context.handles.future_response(&future)?;
            if is_taken {
                return Ok(Some(Err(())));
            }
            let Poll::Ready(head) = context.world.network().head(exchange) else { return Ok(None) };
            context.handles.future_response(&future)?.is_taken = true;
            match head {
                Ok(head) => {
                    let response = IncomingResponse::new(exchange, head);
                    Ok(Some(Ok(Ok(context.handles.open(Handle::Response(response))?))))
                }
                Err(error) => {
                    context.world.network().forget(exchange);
                    Ok(Some(Ok(Err(error.into()))))
                }
            }
        })
    }

    fn drop(host: Host<'_>, future: Resource<FutureIncomingResponse>) -> wasmtime::Result<()> {
        let request = (&future,);
        infallible(host, f::FUTURE_INCOMING_RESPONSE_DROP, &request, (), |context, _| {
            if let Handle::FutureResponse(Awaited { exchange, is_taken: false }) =
                context.handles.close(&future)?
            {
                context.world.network().forget(exchange);
            }
            Ok(())
        })
    }
}

impl HostFutureTrailersWithStore<Membrane> for Shim {
    fn subscribe(host: Host<'_>, future: Resource<FutureTrailers>) -> wasmtime::Result<Resource<Pollable>> {
        let request = (&future,);
        infallible(host, f::FUTURE_TRAILERS_SUBSCRIBE, &request, (), |context, _| {
            let awaited = *context.handles.future_trailers(&future)?;
            context.handles.open(Handle::Pollable(Waits::For(Interest::Trailers(awaited.exchange))))
        })
    }

    fn get(host: Host<'_>, future: Resource<FutureTrailers>) -> Future<Option<Resource<Trailers>>> {
        let request = (&future,);
        infallible(host, f::FUTURE_TRAILERS_GET, &request, (), |context, _| {
            let Awaited { exchange, is_taken } = *context.handles.future_trailers(&future)?;
            if is_taken {
                return Ok(Some(Err(())));
            }
            let Poll::Ready(trailers) = context.world.network().trailers(exchange) else { return Ok(None) };
            context.handles.future_trailers(&future)?.is_taken = true;
            context.world.network().forget(exchange);
            Ok(Some(Ok(match trailers {
                Err(error) => Err(error.into()),
                Ok(None) => Ok(None),
                Ok(Some(list)) => Ok(Some(context.handles.open(Handle::Fields(Fields::of_message(&list)))?)),
            })))
        })
    }

    fn drop(host: Host<'_>, future: Resource<FutureTrailers>) -> wasmtime::Result<()> {
        let request = (&future,);
        infallible(host, f::FUTURE_TRAILERS_DROP, &request, (), |context, _| {
            if let Handle::FutureTrailers(Awaited { exchange, is_taken: false }) =
                context.handles.close(&future)?
            {
                context.world.network().forget(exchange);
            }
            Ok(())
        })
    }
}
