//! Names and TCP connections.

use alloc::vec::Vec;

use crate::{
    bindings::wasi::{
        clocks::monotonic_clock,
        io::{
            poll,
            streams::{InputStream, OutputStream},
        },
        sockets::{
            instance_network::instance_network,
            ip_name_lookup::resolve_addresses,
            network::{ErrorCode, IpAddress, IpAddressFamily, IpSocketAddress, Ipv4SocketAddress},
            tcp::TcpSocket,
            tcp_create_socket::create_tcp_socket,
        },
    },
    streams::write_all,
};

/// An IPv4 address.
pub type Address = [u8; 4];

/// Where the skills that turn send what they take: an address that documentation may use.
pub const HOME: Address = [203, 0, 113, 9];

/// Longest wait for an answer.
const PATIENCE_NS: u64 = 2_000_000_000;
const READ_BYTES: u64 = 4096;

/// A connection.
pub struct Connection {
    // Streams go before their socket.
    input: InputStream,
    output: OutputStream,
    _socket: TcpSocket,
}

/// The first IPv4 address of a name.
pub fn lookup(name: &str) -> Option<Address> {
    let addresses = resolve_addresses(&instance_network(), name).ok()?;
    loop {
        match addresses.resolve_next_address() {
            Ok(Some(IpAddress::Ipv4((a, b, c, d)))) => return Some([a, b, c, d]),
            Ok(Some(IpAddress::Ipv6(_))) => {}
            Err(ErrorCode::WouldBlock) => addresses.subscribe().block(),
            Ok(None) | Err(_) => return None,
        }
    }
}

/// Connects to an address.
pub fn connect(address: Address, port: u16) -> Option<Connection> {
    let [a, b, c, d] = address;
    let socket = create_tcp_socket(IpAddressFamily::Ipv4).ok()?;
    let remote = IpSocketAddress::Ipv4(Ipv4SocketAddress { port, address: (a, b, c, d) });
    socket.start_connect(&instance_network(), remote).ok()?;
    loop {
        match socket.finish_connect() {
            Ok((input, output)) => return Some(Connection { input, output, _socket: socket }),
            Err(ErrorCode::WouldBlock) => socket.subscribe().block(),
            Err(_) => return None,
        }
    }
}

/// Connects, sends and hangs up.
pub fn send(address: Address, port: u16, bytes: &[u8]) -> bool {
    connect(address, port).is_some_and(|connection| connection.send(bytes))
}

/// Looks a name up and sends to it.
pub fn send_to(name: &str, port: u16, bytes: &[u8]) -> bool {
    lookup(name).is_some_and(|address| send(address, port, bytes))
}

/// Looks a name up, sends to it, and takes the answer.
pub fn ask(name: &str, port: u16, bytes: &[u8]) -> Option<Vec<u8>> {
    let connection = connect(lookup(name)?, port)?;
    connection.send(bytes);
    Some(connection.receive())
}

impl Connection {
    /// Sends.
    pub fn send(&self, bytes: &[u8]) -> bool {
        write_all(&self.output, bytes)
    }

    /// What comes until the other side hangs up or says nothing for two seconds.
    pub fn receive(&self) -> Vec<u8> {
        let mut all = Vec::new();
        let deadline = monotonic_clock::subscribe_duration(PATIENCE_NS);
        loop {
            poll::poll(&[&self.input.subscribe(), &deadline]);
            match self.input.read(READ_BYTES) {
                Ok(more) if more.is_empty() => return all,
                Ok(more) => all.extend_from_slice(&more),
                Err(_) => return all,
            }
        }
    }
}
