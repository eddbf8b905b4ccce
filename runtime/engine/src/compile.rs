//! From a component or module to machine code: in this process, or wherever a [`Compiler`] does it.
//!
//! The compiler takes time and memory that no count of a component bounds: a thousand loops inside each other that set a
//! thousand locals are 16 KB of WebAssembly, and gigabytes of what flows between them. So whoever loads skills that nobody
//! trusts hands the engine a compiler that runs where it can be stopped. Without one, the engine compiles by itself.

use wasmparser::Parser;

use crate::{LoadError, config, config::Runs};

/// Compiles in place of the engine.
pub trait Compiler: Send + Sync {
    /// What [`compile`] gives for the same component or module, made by the same build of it: the engine runs it unchecked.
    ///
    /// # Errors
    /// It is not valid, or the compiler was stopped.
    fn compile(&self, runs: Runs, component: &[u8]) -> Result<Vec<u8>, LoadError>;
}

/// Compiles a component, or a module, in this process, with all the time and memory that it takes.
///
/// # Errors
/// It is not valid.
pub fn compile(runs: Runs, component: &[u8]) -> Result<Vec<u8>, LoadError> {
    let failed = |error: wasmtime::Error| LoadError::Engine(format!("{error:#}"));
    // Where code runs does not show in it: with the pool or without, it is the same.
    let engine = wasmtime::Engine::new(&config::config(None, runs)).map_err(failed)?;
    compile_in(&engine, component)
}

/// The same for an engine that is there.
pub(crate) fn compile_in(engine: &wasmtime::Engine, component: &[u8]) -> Result<Vec<u8>, LoadError> {
    let code = match Parser::is_core_wasm(component) {
        true => engine.precompile_module(component),
        false => engine.precompile_component(component),
    };
    code.map_err(LoadError::invalid)
}
