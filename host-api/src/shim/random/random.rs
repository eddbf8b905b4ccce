//! `wasi:random/random`

use invar_trace::functions::random as f;

use super::{RandomBytes, bytes, number};
use crate::{
    Membrane, Shim,
    bindings::wasi::random::random::{Host as Marker, HostWithStore},
    funnel::{Host, NO_ARGUMENTS, infallible},
    shim::no_methods,
};

no_methods!(Marker);

impl HostWithStore<Membrane> for Shim {
    fn get_random_bytes(host: Host<'_>, len: u64) -> wasmtime::Result<Vec<u8>> {
        infallible(host, f::GET_RANDOM_BYTES, &(len,), RandomBytes, |context, allowed| {
            bytes(len, allowed, |bytes| context.world.random().fill(bytes))
        })
    }

    fn get_random_u64(host: Host<'_>) -> wasmtime::Result<u64> {
        infallible(host, f::GET_RANDOM_U64, NO_ARGUMENTS, RandomBytes, |context, allowed| {
            Ok(number(allowed, |bytes| context.world.random().fill(bytes)))
        })
    }
}
