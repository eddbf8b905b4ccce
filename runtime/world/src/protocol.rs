//! Connections and datagrams.

use minicbor::{Decode, Encode};

/// How somebody comes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Protocol {
    /// Over a connection.
    #[default]
    #[n(0)]
    Tcp,
    /// With datagrams.
    #[n(1)]
    Udp,
}
