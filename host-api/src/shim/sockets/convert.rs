//! Between the port's words and the interface's.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

use crate::{
    bindings::wasi::sockets::network::{
        ErrorCode, IpAddress, IpSocketAddress, Ipv4SocketAddress, Ipv6SocketAddress,
    },
    funnel::GuestError,
    port::NetworkError,
    stop::Fail,
};

impl GuestError for ErrorCode {
    const REFUSED: Self = Self::AccessDenied;
}

impl From<ErrorCode> for Fail<ErrorCode> {
    fn from(error: ErrorCode) -> Self {
        Self::Guest(error)
    }
}

impl From<NetworkError> for ErrorCode {
    fn from(error: NetworkError) -> Self {
        match error {
            NetworkError::NameUnresolvable => Self::NameUnresolvable,
            NetworkError::TemporaryResolverFailure => Self::TemporaryResolverFailure,
            NetworkError::ConnectionRefused => Self::ConnectionRefused,
            NetworkError::ConnectionReset => Self::ConnectionReset,
            NetworkError::Timeout => Self::Timeout,
            NetworkError::RemoteUnreachable => Self::RemoteUnreachable,
            NetworkError::AddressNotBindable => Self::AddressNotBindable,
            NetworkError::AddressInUse => Self::AddressInUse,
        }
    }
}

impl From<IpAddr> for IpAddress {
    fn from(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => Self::Ipv4(v4(address)),
            IpAddr::V6(address) => Self::Ipv6(v6(address)),
        }
    }
}

impl From<SocketAddr> for IpSocketAddress {
    fn from(address: SocketAddr) -> Self {
        match address {
            SocketAddr::V4(address) => {
                Self::Ipv4(Ipv4SocketAddress { port: address.port(), address: v4(*address.ip()) })
            }
            SocketAddr::V6(address) => Self::Ipv6(Ipv6SocketAddress {
                port: address.port(),
                flow_info: address.flowinfo(),
                address: v6(*address.ip()),
                scope_id: address.scope_id(),
            }),
        }
    }
}

impl From<&IpSocketAddress> for SocketAddr {
    fn from(address: &IpSocketAddress) -> Self {
        match address {
            IpSocketAddress::Ipv4(Ipv4SocketAddress { port, address: (a, b, c, d) }) => {
                SocketAddrV4::new(Ipv4Addr::new(*a, *b, *c, *d), *port).into()
            }
            IpSocketAddress::Ipv6(Ipv6SocketAddress { port, flow_info, address, scope_id }) => {
                let (a, b, c, d, e, f, g, h) = *address;
                let ip = Ipv6Addr::new(a, b, c, d, e, f, g, h);
                SocketAddrV6::new(ip, *port, *flow_info, *scope_id).into()
            }
        }
    }
}

fn v4(address: Ipv4Addr) -> (u8, u8, u8, u8) {
    let [a, b, c, d] = address.octets();
    (a, b, c, d)
}

fn v6(address: Ipv6Addr) -> (u16, u16, u16, u16, u16, u16, u16, u16) {
    let [a, b, c, d, e, f, g, h] = address.segments();
    (a, b, c, d, e, f, g, h)
}
