//! `wasi:sockets`: names, connections both ways, datagrams.

mod address;
mod binding;
mod clamp;
mod convert;
mod datagrams;
mod instance_network;
mod ip_name_lookup;
mod listening;
mod network;
mod socket;
mod tcp;
mod tcp_create_socket;
mod udp;
mod udp_create_socket;
mod udp_socket;

pub(crate) use socket::{Socket, State};
pub(crate) use udp_socket::{DatagramStream, UdpSocket};
