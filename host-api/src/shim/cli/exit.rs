//! `wasi:cli/exit`

use invar_trace::functions::exit as f;

use crate::{
    Membrane, Shim,
    bindings::wasi::cli::exit::{Host as Marker, HostWithStore},
    funnel::{Host, infallible},
    shim::no_methods,
    stop::Stop,
};

no_methods!(Marker);

impl HostWithStore<Membrane> for Shim {
    fn exit(host: Host<'_>, status: Result<(), ()>) -> wasmtime::Result<()> {
        let code = u8::from(status.is_err());
        infallible(host, f::EXIT, &(status,), (), |_, _| Err(Stop::Exit(code)))
    }

    fn exit_with_code(host: Host<'_>, code: u8) -> wasmtime::Result<()> {
        infallible(host, f::EXIT_WITH_CODE, &(code,), (), |_, _| Err(Stop::Exit(code)))
    }
}
