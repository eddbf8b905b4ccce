//! `wasi:http`: outgoing requests. A skill exports no handler: nothing comes in but the answers to what it asked.

mod authority;
mod bodies;
mod convert;
mod fields;
mod future;
mod header_fields;
mod incoming;
mod options;
mod outgoing;
mod outgoing_handler;
mod request;
mod response;
mod server;
mod syntax;
mod types;

pub(crate) use bodies::{Bodies, BodyId, Written};
pub(crate) use header_fields::Fields;
pub(crate) use incoming::{Awaited, IncomingBody, IncomingResponse};
pub(crate) use outgoing::{OutgoingRequest, OutgoingResponse};
