//! `wasi:sockets/ip-name-lookup`

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
            |membrane, query| {
                let now_ns = membrane.ports.clocks.reached_ns();
                let addresses = match query {
                    Query::Address(address) => Addresses {
                        name: String::new(),
                        at_ns: now_ns,
                        answers: Ok(VecDeque::from([address])),
                    },
                    Query::Name(name) => {
                        membrane.count_name(&name)?;
                        let found = membrane.ports.network.lookup(&name, now_ns);
                        Addresses { name, at_ns: found.at_ns, answers: found.value.map(VecDeque::from) }
                    }
                };
                Ok(membrane.handles.open(Handle::Addresses(addresses))?)
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
        unchecked(host, f::RESOLVE_ADDRESS_STREAM_RESOLVE_NEXT_ADDRESS, &request, |membrane| {
            let now_ns = membrane.ports.clocks.reached_ns();
            let addresses = membrane.handles.addresses(&stream)?;
            if addresses.at_ns > now_ns {
                return Err(ErrorCode::WouldBlock.into());
            }
            match &mut addresses.answers {
                Err(error) => Err(ErrorCode::from(*error).into()),
                Ok(answers) => {
                    let next = answers.pop_front();
                    if let Some(address) = next
                        && !addresses.name.is_empty()
                    {
                        // From here on a connection to the address is one to the name.
                        membrane.policy.answered(&addresses.name, address);
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
        infallible(host, f::RESOLVE_ADDRESS_STREAM_SUBSCRIBE, &request, (), |membrane, _| {
            let at_ns = membrane.handles.addresses(&stream)?.at_ns;
            membrane.handles.open(Handle::Pollable(Waits::At(at_ns)))
        })
    }

    fn drop(host: Host<'_>, stream: Resource<ResolveAddressStream>) -> wasmtime::Result<()> {
        let request = (&stream,);
        infallible(host, f::RESOLVE_ADDRESS_STREAM_DROP, &request, (), |membrane, _| {
            membrane.handles.close(&stream).map(drop)
        })
    }
}
