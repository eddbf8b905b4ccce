//! `wasi:random/insecure-seed`: what hash tables are seeded with. Never a violation, since runtimes call it
//! unasked; the same in all runs unless random bytes are declared.

use invar_trace::functions::insecure_seed as f;

use crate::{
    Membrane, Shim,
    bindings::wasi::random::insecure_seed::{Host as Marker, HostWithStore},
    funnel::{Host, NO_ARGUMENTS, infallible},
    shim::no_methods,
};

no_methods!(Marker);

impl HostWithStore<Membrane> for Shim {
    fn insecure_seed(host: Host<'_>) -> wasmtime::Result<(u64, u64)> {
        infallible(host, f::INSECURE_SEED, NO_ARGUMENTS, (), |context, _| {
            let declared = context.policy.declares_random();
            Ok(context.world.random().insecure_seed(declared))
        })
    }
}
