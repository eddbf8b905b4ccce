//! `wasi:random/insecure`

use invar_trace::functions::insecure as f;

use super::{RandomBytes, bytes, number};
use crate::{
    Membrane, Shim,
    bindings::wasi::random::insecure::{Host as Marker, HostWithStore},
    funnel::{Host, NO_ARGUMENTS, infallible},
    shim::no_methods,
};

no_methods!(Marker);

impl HostWithStore<Membrane> for Shim {
    fn get_insecure_random_bytes(host: Host<'_>, len: u64) -> wasmtime::Result<Vec<u8>> {
        infallible(host, f::GET_INSECURE_RANDOM_BYTES, &(len,), RandomBytes, |context, allowed| {
            bytes(len, allowed, |bytes| context.world.random().fill_insecure(bytes))
        })
    }

    fn get_insecure_random_u64(host: Host<'_>) -> wasmtime::Result<u64> {
        infallible(host, f::GET_INSECURE_RANDOM_U64, NO_ARGUMENTS, RandomBytes, |context, allowed| {
            Ok(number(allowed, |bytes| context.world.random().fill_insecure(bytes)))
        })
    }
}
