//! Where the imports of a skill are linked to the shims.

use invar_trace::PROBE_FUNCTION;
use wasmtime::{Caller, StoreContextMut, component::Linker};

use crate::{
    Membrane, Shim,
    bindings::{LinkOptions, WitWorld},
};

/// Links every function of `wasi:cli/imports` and of `wasi:http` for requests, unstable ones too, to its shim.
///
/// # Errors
/// The linker holds one of them already.
pub fn add_to_linker(linker: &mut Linker<Membrane>) -> wasmtime::Result<()> {
    let mut options = LinkOptions::default();
    options.clocks_timezone(true).network_error_code(true).informational_outbound_responses(true);
    WitWorld::add_to_linker::<_, Shim>(linker, &options, |membrane| membrane)
}

/// Links the probe by the name that it has in a copy, for instrumented copies alone.
///
/// # Errors
/// The linker has it already.
pub fn add_probe_to_linker(linker: &mut Linker<Membrane>, import: &str) -> wasmtime::Result<()> {
    linker.root().func_wrap(
        import,
        |mut store: StoreContextMut<'_, Membrane>, (site, left, right): (u32, u64, u64)| {
            Ok((store.data_mut().probe.hit(site, left, right),))
        },
    )
}

/// The same for the copy of a module, which imports the probe's function from a module of that name.
///
/// # Errors
/// The linker has it already.
pub fn add_probe_to_module_linker(
    linker: &mut wasmtime::Linker<Membrane>,
    import: &str,
) -> wasmtime::Result<()> {
    linker.func_wrap(
        import,
        PROBE_FUNCTION,
        |mut caller: Caller<'_, Membrane>, site: u32, left: u64, right: u64| {
            caller.data_mut().probe.hit(site, left, right)
        },
    )?;
    Ok(())
}
