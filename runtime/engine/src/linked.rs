//! Compiled code in an engine, and linked there: of a component, or of a module for WASI p1.

use std::path::PathBuf;

use invar_host_api::{Membrane, add_to_linker, p1};
use wasmtime::{
    Module, UnknownImportError,
    component::{self, Component, ComponentExportIndex},
};

use crate::{
    config::{self, Runs},
    entry::entry,
    error::LoadError,
    names::{self, Names},
    survey::START,
};

/// A wasmtime engine with the membrane linked.
pub(crate) struct LinkedEngine {
    pub(crate) engine: wasmtime::Engine,
    pub(crate) linkers: Linkers,
}

/// What components and modules may import.
#[derive(Clone)]
pub(crate) struct Linkers {
    pub(crate) of_components: component::Linker<Membrane>,
    pub(crate) of_modules: wasmtime::Linker<Membrane>,
}

/// Machine code, ready in an engine.
pub(crate) enum Binary {
    Component(Component),
    Module(Module),
}

/// A binary whose imports are all there.
#[derive(Clone)]
pub(crate) enum Linked {
    Component { pre: component::InstancePre<Membrane>, entry: ComponentExportIndex },
    Module(wasmtime::InstancePre<Membrane>),
}

/// Compiled code of a skill's file.
pub(crate) struct Code {
    pub(crate) at: CodePlace,
    /// Whether it is of a module.
    pub(crate) is_module: bool,
}

/// Where compiled code is.
pub(crate) enum CodePlace {
    /// Just made.
    Compiled(Vec<u8>),
    /// In a sealed file, of which only what is executed is read.
    Kept(PathBuf),
}

impl LinkedEngine {
    pub(crate) fn new(pool: Option<u32>, runs: Runs) -> wasmtime::Result<Self> {
        let engine = wasmtime::Engine::new(&config::config(pool, runs))?;
        let mut of_components = component::Linker::new(&engine);
        add_to_linker(&mut of_components)?;
        let mut of_modules = wasmtime::Linker::new(&engine);
        p1::add_to_linker(&mut of_modules)?;
        Ok(Self { engine, linkers: Linkers { of_components, of_modules } })
    }

    pub(crate) fn binary(&self, code: &Code) -> wasmtime::Result<Binary> {
        // SAFETY: it comes from `precompile_component` or `precompile_module` in this process or in one that the
        // operator's own compiler trusts as much, or from a file that carries a seal of this installation over exactly
        // this code, in a directory that nobody else can write to. Who could change it after the check is this user, who
        // could seal anything.
        #[expect(unsafe_code, reason = "compiled code cannot be checked, only trusted; see above")]
        unsafe {
            Ok(match (&code.at, code.is_module) {
                (CodePlace::Compiled(bytes), false) => {
                    Binary::Component(Component::deserialize(&self.engine, bytes)?)
                }
                (CodePlace::Kept(path), false) => {
                    Binary::Component(Component::deserialize_file(&self.engine, path)?)
                }
                (CodePlace::Compiled(bytes), true) => {
                    Binary::Module(Module::deserialize(&self.engine, bytes)?)
                }
                (CodePlace::Kept(path), true) => {
                    Binary::Module(Module::deserialize_file(&self.engine, path)?)
                }
            })
        }
    }

    pub(crate) fn link(&self, linkers: &Linkers, binary: &Binary) -> Result<Linked, LoadError> {
        match binary {
            Binary::Component(component) => {
                let (_, entry) = entry(&self.engine, component)?;
                let pre =
                    linkers.of_components.instantiate_pre(component).map_err(|error| not_linkable(&error))?;
                Ok(Linked::Component { pre, entry })
            }
            Binary::Module(module) => {
                let pre = linkers.of_modules.instantiate_pre(module).map_err(|error| match error
                    .downcast_ref::<UnknownImportError>(
                ) {
                    Some(import) => {
                        let name = format!("{}.{}", import.module(), import.name());
                        LoadError::UnknownFunction(Names::quoted([name]))
                    }
                    None => not_linkable(&error),
                })?;
                check_start(module)?;
                Ok(Linked::Module(pre))
            }
        }
    }
}

impl Linked {
    pub(crate) fn engine(&self) -> &wasmtime::Engine {
        match self {
            Self::Component { pre, .. } => pre.engine(),
            Self::Module(pre) => pre.module().engine(),
        }
    }
}

fn not_linkable(error: &wasmtime::Error) -> LoadError {
    LoadError::NotLinkable(names::message(&format!("{error:#}")))
}

/// Whether a module can be started.
fn check_start(module: &Module) -> Result<(), LoadError> {
    let start = module.get_export(START);
    let ty = start.as_ref().and_then(wasmtime::ExternType::func);
    match ty.is_some_and(|ty| ty.params().len() == 0 && ty.results().len() == 0) {
        true => Ok(()),
        false => Err(LoadError::NotLinkable(format!(
            "its `{START}` is no function without parameters and results"
        ))),
    }
}
