//! `future-incoming-response` and `future-trailers`: what can be had once.

use invar_trace::functions::http as f;
use wasmtime::component::Resource;

use super::{Fields, IncomingResponse};
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
    port::ExchangeId,
    shim::no_methods,
};

no_methods!(HostFutureIncomingResponse, HostFutureTrailers);

/// Something of a response that is waited for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Awaited {
    exchange: ExchangeId,
    /// It was had.
    is_taken: bool,
}

impl Awaited {
    pub(super) fn new(exchange: ExchangeId) -> Self {
        Self { exchange, is_taken: false }
    }
}

/// What a future answers: nothing yet, that it was had, or how it came out.
type Future<T> = wasmtime::Result<Option<Result<Result<T, ErrorCode>, ()>>>;

impl HostFutureIncomingResponseWithStore<Membrane> for Shim {
    fn subscribe(
        host: Host<'_>,
        future: Resource<FutureIncomingResponse>,
    ) -> wasmtime::Result<Resource<Pollable>> {
        let request = (&future,);
        infallible(host, f::FUTURE_INCOMING_RESPONSE_SUBSCRIBE, &request, (), |membrane, _| {
            let own = *membrane.handles.future_response(&future)?;
            let waits = if own.is_taken { Waits::Always } else { Waits::Head(own.exchange) };
            membrane.handles.open(Handle::Pollable(waits))
        })
    }

    fn get(host: Host<'_>, future: Resource<FutureIncomingResponse>) -> Future<Resource<ResponseHandle>> {
        let request = (&future,);
        infallible(host, f::FUTURE_INCOMING_RESPONSE_GET, &request, (), |membrane, _| {
            let now_ns = membrane.ports.clocks.reached_ns();
            let Awaited { exchange, is_taken } = *membrane.handles.future_response(&future)?;
            if is_taken {
                return Ok(Some(Err(())));
            }
            let Some(head) = membrane.ports.network.head(exchange, now_ns) else { return Ok(None) };
            membrane.handles.future_response(&future)?.is_taken = true;
            match head {
                Ok(head) => {
                    let response = IncomingResponse::new(exchange, head);
                    Ok(Some(Ok(Ok(membrane.handles.open(Handle::Response(response))?))))
                }
                Err(error) => {
                    membrane.ports.network.forget(exchange);
                    Ok(Some(Ok(Err(error.into()))))
                }
            }
        })
    }

    fn drop(host: Host<'_>, future: Resource<FutureIncomingResponse>) -> wasmtime::Result<()> {
        let request = (&future,);
        infallible(host, f::FUTURE_INCOMING_RESPONSE_DROP, &request, (), |membrane, _| {
            if let Handle::FutureResponse(Awaited { exchange, is_taken: false }) =
                membrane.handles.close(&future)?
            {
                membrane.ports.network.forget(exchange);
            }
            Ok(())
        })
    }
}

impl HostFutureTrailersWithStore<Membrane> for Shim {
    fn subscribe(host: Host<'_>, future: Resource<FutureTrailers>) -> wasmtime::Result<Resource<Pollable>> {
        let request = (&future,);
        infallible(host, f::FUTURE_TRAILERS_SUBSCRIBE, &request, (), |membrane, _| {
            let own = *membrane.handles.future_trailers(&future)?;
            let at_ns = membrane.ports.network.trailers_ready_ns(own.exchange);
            membrane.handles.open(Handle::Pollable(Waits::At(at_ns)))
        })
    }

    fn get(host: Host<'_>, future: Resource<FutureTrailers>) -> Future<Option<Resource<Trailers>>> {
        let request = (&future,);
        infallible(host, f::FUTURE_TRAILERS_GET, &request, (), |membrane, _| {
            let now_ns = membrane.ports.clocks.reached_ns();
            let Awaited { exchange, is_taken } = *membrane.handles.future_trailers(&future)?;
            if is_taken {
                return Ok(Some(Err(())));
            }
            if membrane.ports.network.trailers_ready_ns(exchange) > now_ns {
                return Ok(None);
            }
            membrane.handles.future_trailers(&future)?.is_taken = true;
            let trailers = membrane.ports.network.trailers(exchange);
            membrane.ports.network.forget(exchange);
            Ok(Some(Ok(match trailers {
                Err(error) => Err(error.into()),
                Ok(None) => Ok(None),
                Ok(Some(list)) => Ok(Some(membrane.handles.open(Handle::Fields(Fields::of_message(&list)))?)),
            })))
        })
    }

    fn drop(host: Host<'_>, future: Resource<FutureTrailers>) -> wasmtime::Result<()> {
        let request = (&future,);
        infallible(host, f::FUTURE_TRAILERS_DROP, &request, (), |membrane, _| {
            if let Handle::FutureTrailers(Awaited { exchange, is_taken: false }) =
                membrane.handles.close(&future)?
            {
                membrane.ports.network.forget(exchange);
            }
            Ok(())
        })
    }
}
