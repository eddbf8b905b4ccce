//! `wasi:http/outgoing-handler`

use invar_envelope::{AccessRequest, Scheme as Protocol};
use invar_trace::functions::outgoing_handler as f;
use wasmtime::component::Resource;

use super::{Awaited, BodyId, authority::Authority, bodies::Outgoing, convert::method_text};
use crate::{
    Context, Membrane, Shim,
    access_policy::AccessPolicy,
    bindings::wasi::http::{
        outgoing_handler::{Host as Marker, HostWithStore},
        types::{
            ErrorCode, FutureIncomingResponse, OutgoingRequest as RequestHandle, RequestOptions, Scheme,
        },
    },
    funnel::{Host, ToAccessRequest, fallible},
    handles::Handle,
    port::{Request, Timeouts},
    shim::no_methods,
    stop::{Outcome, Stop},
};

no_methods!(Marker);

/// A request that is about to be sent.
struct Prepared {
    request: Request,
    body: Option<(BodyId, Outgoing)>,
}

impl ToAccessRequest for Prepared {
    fn access_request<'a>(&'a self, _: &'a AccessPolicy) -> AccessRequest<'a> {
        AccessRequest::Request(self.request.asked())
    }
}

impl Context {
    /// Takes what the handles stand for: the skill has given them away, whatever the answer.
    fn prepare(
        &mut self,
        request: &Resource<RequestHandle>,
        options: Option<&Resource<RequestOptions>>,
    ) -> Outcome<Prepared, ErrorCode> {
        let Handle::Request(request) = self.handles.close(request)? else {
            return Err(Stop::Misuse("a handle that is no request was sent".into()).into());
        };
        let body = self.http.take(request.body);
        let timeouts = match options {
            None => Timeouts::default(),
            Some(options) => {
                let timeouts = *self.handles.request_options(options)?;
                self.handles.close(options)?;
                timeouts
            }
        };
        let scheme = match request.scheme {
            None | Some(Scheme::Https) => Protocol::Https,
            Some(Scheme::Http) => Protocol::Http,
            Some(Scheme::Other(_)) => return Err(ErrorCode::HttpProtocolError.into()),
        };
        let Some(authority) = request.authority.as_deref().and_then(Authority::parse) else {
            return Err(ErrorCode::HttpRequestUriInvalid.into());
        };
        let path = request.path_with_query.unwrap_or_default();
        let default_port = if scheme == Protocol::Https { 443 } else { 80 };
        let request = Request {
            method: method_text(&request.method).to_owned(),
            scheme,
            host: authority.host,
            port: authority.port.unwrap_or(default_port),
            path_with_query: if path.starts_with('/') { path } else { format!("/{path}") },
            headers: request.headers,
            timeouts,
        };
        Ok(Prepared { request, body })
    }
}

impl HostWithStore<Membrane> for Shim {
    fn handle(
        host: Host<'_>,
        request: Resource<RequestHandle>,
        options: Option<Resource<RequestOptions>>,
    ) -> wasmtime::Result<Result<Resource<FutureIncomingResponse>, ErrorCode>> {
        let arguments = (&request, &options);
        fallible(
            host,
            f::HANDLE,
            &arguments,
            |context| context.prepare(&request, options.as_ref()),
            |context, Prepared { request, body }| {
                let exchange = context.world.network().start_request(&request);
                let head = request.asked().query.map_or(0, str::len)
                    + request.headers.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>();
                let written = context.http.sent(body, exchange, context.world.network());
                context.bytes.network_sent += head as u64 + written;
                context.check_network_bytes()?;
                Ok(context.handles.open(Handle::FutureResponse(Awaited::new(exchange)))?)
            },
        )
    }
}
