//! The traits generated from the vendored WIT.

/// What `bindgen!` writes. Every function gets the store (for the fuel count) and may stop the run.
#[allow(missing_docs, unreachable_pub, clippy::all, reason = "generated")]
mod generated {
    wasmtime::component::bindgen!({
        path: "../wit",
        world: "invar:skill/membrane",
        imports: { default: trappable | store },
    });
}

pub(crate) use generated::{LinkOptions, Membrane as WitWorld, wasi};
