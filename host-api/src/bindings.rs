//! The traits generated from the vendored WIT, and the one place where they are linked.

/// What `bindgen!` writes. Every function gets the store (for the fuel count) and may stop the run.
#[allow(missing_docs, unreachable_pub, clippy::all, reason = "generated")]
mod generated {
    wasmtime::component::bindgen!({
        path: "../wit",
        world: "invar:skill/membrane",
        imports: { default: trappable | store },
    });
}

pub(crate) use generated::wasi;
use wasmtime::component::Linker;

use crate::{Membrane, Shim};

/// Links every function of `wasi:cli/imports` and of `wasi:http` for requests, unstable ones too, to its shim.
///
/// # Errors
/// The linker holds one of them already.
pub fn add_to_linker(linker: &mut Linker<Membrane>) -> wasmtime::Result<()> {
    let mut options = generated::LinkOptions::default();
    options.clocks_timezone(true).network_error_code(true).informational_outbound_responses(true);
    generated::Membrane::add_to_linker::<_, Shim>(linker, &options, |membrane| membrane)
}
