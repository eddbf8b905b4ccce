//! Taking an address.

use std::net::SocketAddr;

use invar_envelope::{AccessRequest, Scheme};

use crate::{
    Context, access_policy::AccessPolicy, bindings::wasi::sockets::network::ErrorCode,
    funnel::ToAccessRequest,
};

/// The protocol and the local address that a socket asks for.
pub(super) struct LocalEndpoint {
    pub(super) scheme: Scheme,
    pub(super) address: SocketAddr,
}

/// A port of its choice is one that others can know. Any other port is what every client has.
impl ToAccessRequest for LocalEndpoint {
    fn access_request<'a>(&'a self, _: &'a AccessPolicy) -> AccessRequest<'a> {
        match self.address.port() {
            0 => AccessRequest::Nothing,
            _ => AccessRequest::Listen { scheme: self.scheme, address: self.address },
        }
    }
}

impl Context {
    /// Takes the address for the socket of that number.
    pub(super) fn take_address(
        &mut self,
        endpoint: &LocalEndpoint,
        number: u32,
    ) -> Result<SocketAddr, ErrorCode> {
        let any = ephemeral_port(number);
        self.world.network().bind(endpoint.scheme, endpoint.address, any).map_err(ErrorCode::from)
    }
}

/// A local port for a socket that asks for none in particular.
pub(super) fn ephemeral_port(number: u32) -> u16 {
    const FIRST: u32 = 32_768;
    const COUNT: u32 = 28_232;
    u16::try_from(FIRST + number % COUNT).unwrap_or(u16::MAX)
}

/// An address without what only says which way to it.
pub(super) fn without_scope(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip(), address.port())
}
