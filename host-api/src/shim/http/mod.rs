//! `wasi:http`: outgoing requests. A skill exports no handler: nothing comes in but the answers to what it asked.

mod authority;
mod bodies;
mod convert;
mod fields;
mod future;
mod incoming;
mod options;
mod outgoing_handler;
mod request;
mod response;
mod server;
mod syntax;
mod types;

pub(crate) use bodies::{Bodies, BodyId, Written};
pub(crate) use fields::Fields;
pub(crate) use future::Awaited;
pub(crate) use incoming::{IncomingBody, IncomingResponse};
pub(crate) use request::OutgoingRequest;
pub(crate) use server::OutgoingResponse;
