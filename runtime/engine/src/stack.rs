//! The stack of a run.

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use thiserror::Error;

/// What a run takes its stack from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stack {
    /// The thread.
    Thread,
    /// A stack of the engine's, which can be larger than what a thread has.
    Own,
}

/// The host had no room for the skill's memories and tables.
#[derive(Debug, Error)]
#[error("{0}")]
pub(crate) struct ResourceExhausted(pub(crate) String);

/// Runs what never waits: no shim does, and fuel does not yield.
pub(crate) fn at_once<T>(run: impl Future<Output = wasmtime::Result<T>>) -> wasmtime::Result<T> {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(run).as_mut().poll(&mut context) {
        Poll::Ready(result) => result,
        Poll::Pending => Err(ResourceExhausted("a run waited that cannot wait".into()).into()),
    }
}
