//! Those who come to a skill that waits for others.

use std::net::IpAddr;

use minicbor::{Decode, Encode};

use crate::{End, Line, Protocol, Responder};

/// Somebody who comes to a port, once in a run, when the skill waits there.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct InboundClient {
    /// How they come.
    #[n(0)]
    pub protocol: Protocol,
    /// The port they come to.
    #[n(1)]
    pub port: u16,
    /// The address they come from; none: one of the networks kept for documentation.
    #[n(2)]
    pub from: Option<IpAddr>,
    /// Time from when the skill waits until they come, in nanoseconds.
    #[n(3)]
    pub after_ns: u64,
    /// Time that each message takes, in nanoseconds.
    #[n(4)]
    pub latency_ns: u64,
    /// Their messages. On a connection in order; of datagrams, what waits for nothing is sent first, and each
    /// datagram that they are sent is answered by every line whose words it holds.
    #[n(5)]
    pub dialogue: Vec<Line>,
    /// What they do when the dialogue is over; of a connection.
    #[n(6)]
    pub end: End,
}

impl InboundClient {
    /// A client that connects as soon as anything listens, and sends nothing.
    #[must_use]
    pub fn new(protocol: Protocol, port: u16) -> Self {
        Self {
            protocol,
            port,
            from: None,
            after_ns: Responder::LATENCY_NS,
            latency_ns: Responder::LATENCY_NS,
            dialogue: Vec::new(),
            end: End::Close,
        }
    }
}
