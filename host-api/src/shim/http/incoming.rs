//! The state of a response.

use crate::port::{ExchangeId, FieldList, Head};

/// A response whose head is known.
#[derive(Debug, Clone)]
pub(crate) struct IncomingResponse {
    pub(super) exchange: ExchangeId,
    pub(super) status: u16,
    pub(super) headers: FieldList,
    /// Its body was asked for.
    pub(super) is_consumed: bool,
}

impl IncomingResponse {
    pub(super) fn new(exchange: ExchangeId, head: Head) -> Self {
        Self { exchange, status: head.status, headers: head.headers, is_consumed: false }
    }
}

/// The body of a response.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IncomingBody {
    pub(super) exchange: ExchangeId,
    /// Its stream was asked for.
    pub(super) is_read: bool,
}

/// Something of a response that is waited for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Awaited {
    pub(super) exchange: ExchangeId,
    /// It was had.
    pub(super) is_taken: bool,
}

impl Awaited {
    pub(super) fn new(exchange: ExchangeId) -> Self {
        Self { exchange, is_taken: false }
    }
}
