//! `wasi:sockets/ip-name-lookup`

use std::task::Poll;

use std::{collections::VecDeque, net::IpAddr};

use invar_envelope::AccessRequest;
use invar_trace::functions::ip_name_lookup as f;
use wasmtime::component::Resource;

use crate::{
    Membrane, Shim,
    access_policy::AccessPolicy,
    bindings::wasi::{
        io::poll::Pollable,
        sockets::{
            ip_name_lookup::{
                Host as Marker, HostResolveAddressStream, HostResolveAddressStreamWithStore, HostWithStore,
                ResolveAddressStream,
            },
            network::{ErrorCode, IpAddress, Network},
        },
    },
    funnel::{Host, ToAccessRequest, fallible, infallible, unchecked},
    handles::{Addresses, Handle, Pollable as Waits},
    limits::LOOKUP_BYTES_MAX,
    port::Interest,
    shim::no_methods,
    stop::Outcome,
};

no_methods!(Marker, HostResolveAddressStream);

type HostResult<T> = wasmtime::Result<Result<T, ErrorCode>>;

/// What a lookup is given.
enum Query {
    Name(String),
    /// An address stands for itself: nobody is asked.
    Address(IpAddr),
}

impl ToAccessRequest for Query {
    fn access_request<'a>(&'a self, _: &'a AccessPolicy) -> AccessRequest<'a> {
        match self {
            Self::Name(name) => AccessRequest::Lookup(name),
            Self::Address(_) => AccessRequest::Nothing,
        }
    }
}

impl Query {
    fn parse(name: &str) -> Outcome<Self, ErrorCode> {
        if name.len() > LOOKUP_BYTES_MAX {
            return Err(ErrorCode::InvalidArgument.into());
        }
        let name = name.strip_suffix('.').unwrap_or(name);
        match url::Host::parse(name) {
            Ok(url::Host::Domain(name)) => Ok(Self::Name(name)),
            Ok(url::Host::Ipv4(address)) => Ok(Self::Address(address.into())),
            Ok(url::Host::Ipv6(address)) => Ok(Self::Address(address.into())),
            // Without brackets, which only URLs need.
            Err(_) => name.parse().map(Self::Address).map_err(|_| ErrorCode::InvalidArgument.into()),
        }
    }
}

impl HostWithStore<Membrane> for Shim {
    fn resolve_addresses(
        host: Host<'_>,
        network: Resource<Network>,
        name: String,
    ) -> HostResult<Resource<ResolveAddressStream>> {
        let request = (&network, &name);
        fallible(
            host,
            f::RESOLVE_ADDRESSES,
            &request,
            |_| Query::parse(&name),
            |context, query| {
                let addresses = match query {
                    Query::Address(address) => Addresses::Known(VecDeque::from([address])),
                    Query::Name(name) => {
                        context.count_name(&name)?;
                        let lookup = context.world.network().start_lookup(&name);
                        Addresses::Asked { name, lookup }
                    }
                };
                Ok(context.handles.open(Handle::Addresses(addresses))?)
            },
        )
    }
}

impl HostResolveAddressStreamWithStore<Membrane> for Shim {
    fn resolve_next_address(
        host: Host<'_>,
        stream: Resource<ResolveAddressStream>,
    ) -> HostResult<Option<IpAddress>> {
        let request = (&stream,);
        unchecked(host, f::RESOLVE_ADDRESS_STREAM_RESOLVE_NEXT_ADDRESS, &request, |context| {
            let addresses = context.handles.addresses(&stream)?;
            if let Addresses::Asked { name, lookup } = addresses {
                let Poll::Ready(answer) = context.world.network().finish_lookup(*lookup) else {
                    return Err(ErrorCode::WouldBlock.into());
                };
                *addresses = match answer {
                    Ok(found) => Addresses::Found { name: std::mem::take(name), rest: found.into() },
                    Err(error) => Addresses::Failed(error),
                };
            }
            match addresses {
                Addresses::Asked { .. } => Err(ErrorCode::WouldBlock.into()),
                Addresses::Failed(error) => Err(ErrorCode::from(*error).into()),
                Addresses::Known(rest) => Ok(rest.pop_front().map(IpAddress::from)),
                Addresses::Found { name, rest } => {
                    let next = rest.pop_front();
                    if let Some(address) = next {
                        // From here on a connection to the address is one to the name.
                        context.policy.answered(name, address);
                    }
                    Ok(next.map(IpAddress::from))
                }
            }
        })
    }

    fn subscribe(
        host: Host<'_>,
        stream: Resource<ResolveAddressStream>,
    ) -> wasmtime::Result<Resource<Pollable>> {
        let request = (&stream,);
        infallible(host, f::RESOLVE_ADDRESS_STREAM_SUBSCRIBE, &request, (), |context, _| {
            let interest = match context.handles.addresses(&stream)? {
                Addresses::Asked { lookup, .. } => Interest::Lookup(*lookup),
                Addresses::Known(_) | Addresses::Found { .. } | Addresses::Failed(_) => Interest::Always,
            };
            context.handles.open(Handle::Pollable(Waits::For(interest)))
        })
    }

    fn drop(host: Host<'_>, stream: Resource<ResolveAddressStream>) -> wasmtime::Result<()> {
        let request = (&stream,);
        infallible(host, f::RESOLVE_ADDRESS_STREAM_DROP, &request, (), |context, _| {
            if let Handle::Addresses(Addresses::Asked { lookup, .. }) = context.handles.close(&stream)? {
                context.world.network().cancel_lookup(lookup);
            }
            Ok(())
        })
    }
}
