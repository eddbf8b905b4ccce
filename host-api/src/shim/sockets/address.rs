//! Which addresses a socket can have, as the WIT and the hosts we know say.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use crate::bindings::wasi::sockets::network::IpAddressFamily;

/// Whether a socket of that family can connect there.
pub(super) fn is_remote(address: SocketAddr, family: IpAddressFamily) -> bool {
    is_local(address, family) && !address.ip().to_canonical().is_unspecified() && address.port() != 0
}

/// Whether a socket of that family can be bound there.
pub(super) fn is_local(address: SocketAddr, family: IpAddressFamily) -> bool {
    is_of_family(address, family) && !address.ip().is_multicast() && !is_broadcast(address)
}

/// Whether an address is of that family.
pub(super) fn is_of_family(address: SocketAddr, family: IpAddressFamily) -> bool {
    match (family, address.ip()) {
        (IpAddressFamily::Ipv4, IpAddr::V4(_)) => true,
        // Sockets of the sixth version are never dual-stack in WASI.
        (IpAddressFamily::Ipv6, IpAddr::V6(ip)) => ip.to_ipv4_mapped().is_none(),
        _ => false,
    }
}

/// Whether a socket of that family can send datagrams there.
pub(super) fn is_destination(address: SocketAddr, family: IpAddressFamily) -> bool {
    is_of_family(address, family) && !address.ip().is_unspecified() && address.port() != 0
}

/// Whether it means every machine nearby: no socket of WASI may send there.
pub(super) fn is_broadcast(address: SocketAddr) -> bool {
    address.ip() == IpAddr::V4(Ipv4Addr::BROADCAST)
}
