//! The state of a message that is being made.

use super::BodyId;
use crate::{
    bindings::wasi::http::types::{Method, Scheme},
    port::FieldList,
};

/// A request that is being made.
#[derive(Debug, Clone)]
pub(crate) struct OutgoingRequest {
    pub(super) method: Method,
    pub(super) scheme: Option<Scheme>,
    pub(super) authority: Option<String>,
    pub(super) path_with_query: Option<String>,
    pub(super) headers: FieldList,
    pub(super) body: Option<BodyId>,
}

/// A response that is being made.
#[derive(Debug, Clone)]
pub(crate) struct OutgoingResponse {
    pub(super) status: u16,
    pub(super) headers: FieldList,
    pub(super) body: Option<BodyId>,
}
