//! Tests over logs with a stated chance of a false alarm.

pub(crate) mod association;
pub(crate) mod drift;
mod ranks;
#[cfg(test)]
mod stream;
