//! `wasi:cli/environment`

use invar_trace::functions::environment as f;

use crate::{
    Membrane, Shim,
    bindings::wasi::cli::environment::{Host as Marker, HostWithStore},
    funnel::{Host, NO_ARGUMENTS, infallible},
    shim::no_methods,
};

no_methods!(Marker);

impl HostWithStore<Membrane> for Shim {
    /// All variables at once: which of them the skill looks at cannot be seen here.
    fn get_environment(host: Host<'_>) -> wasmtime::Result<Vec<(String, String)>> {
        infallible(host, f::GET_ENVIRONMENT, NO_ARGUMENTS, (), |context, _| Ok(context.env.clone()))
    }

    fn get_arguments(host: Host<'_>) -> wasmtime::Result<Vec<String>> {
        infallible(host, f::GET_ARGUMENTS, NO_ARGUMENTS, (), |context, _| Ok(context.args.clone()))
    }

    fn initial_cwd(host: Host<'_>) -> wasmtime::Result<Option<String>> {
        infallible(host, f::INITIAL_CWD, NO_ARGUMENTS, (), |_, _| Ok(None))
    }
}
