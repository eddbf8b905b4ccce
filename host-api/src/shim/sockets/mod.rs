//! `wasi:sockets`: names and TCP clients. Listening and UDP answer `not-supported`, each by a shim of its own.

mod address;
mod convert;
mod instance_network;
mod ip_name_lookup;
mod network;
mod socket;
mod tcp;
mod tcp_create_socket;
mod udp;
mod udp_create_socket;

pub(crate) use socket::Socket;
