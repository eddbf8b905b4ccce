//! `wasi:logging/logging`: a line of standard error for each message.

use invar_trace::{functions::logging as f, log_line};
use wasmtime::{
    StoreContextMut,
    component::{Access, Linker},
};

use crate::{
    Membrane, Shim,
    bindings::wasi::logging::logging::{Host as Marker, HostWithStore, Level},
    funnel::{Host, infallible},
    shim::no_methods,
};

/// The same interface without a version, which tools still import.
const UNVERSIONED: &str = "wasi:logging/logging";

no_methods!(Marker);

impl HostWithStore<Membrane> for Shim {
    fn log(host: Host<'_>, level: Level, context: String, message: String) -> wasmtime::Result<()> {
        let request = (level, context, message);
        infallible(host, f::LOG, &request, (), |state, _| {
            let (level, context, message) = &request;
            state.stdio.write(true, log_line(*level as u8, context, message).as_bytes())
        })
    }
}

/// Links the interface without a version, too.
///
/// # Errors
/// The linker holds it already.
pub(crate) fn add_unversioned_to_linker(linker: &mut Linker<Membrane>) -> wasmtime::Result<()> {
    let mut unversioned = linker.instance(UNVERSIONED)?;
    unversioned.func_wrap(
        "log",
        |store: StoreContextMut<'_, Membrane>, (level, context, message): (Level, String, String)| {
            let host = Access::new(store, |membrane| membrane);
            <Shim as HostWithStore<Membrane>>::log(host, level, context, message)
        },
    )
}
