//! `wasi:logging`

#[allow(clippy::module_inception, reason = "the interface has its package's name")]
mod logging;

pub(crate) use logging::add_unversioned_to_linker;
