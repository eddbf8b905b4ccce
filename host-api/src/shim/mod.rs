//! The shims: one module a package, one an interface.

mod cli;
mod clocks;
pub(crate) mod config;
mod filesystem;
pub(crate) mod http;
mod io;
pub(crate) mod logging;
mod random;
pub(crate) mod sockets;

use wasmtime::component::HasData;

use crate::Membrane;

/// The one type that implements every host trait generated from the WIT.
pub struct Shim;

impl HasData for Shim {
    type Data<'a> = &'a mut Membrane;
}

/// Interfaces whose functions all take the store have one more trait with nothing in it.
macro_rules! no_methods {
    ($($trait:path),* $(,)?) => {$(impl $trait for Membrane {})*};
}
pub(crate) use no_methods;
