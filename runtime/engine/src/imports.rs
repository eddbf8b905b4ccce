//! What a component imports.

use invar_trace::{Capability, FUNCTIONS};
use wasmtime::component::{
    Component, ResourceType,
    types::{ComponentInstance, ComponentItem},
};

use crate::{error::LoadError, names::Names, refusal::Refusal, survey::is_wasi_0_3};

/// Resources that imports of types can name again: all of WASI 0.2 has fewer. Stops long lists from being compared with
/// each other.
const RESOURCES_MAX: usize = 64;

/// One interface that a skill imports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// As the component names it, with its version.
    pub name: String,
    /// What it is about.
    pub capability: Capability,
    /// The functions of it that are imported.
    pub functions: Vec<String>,
}

/// What the component imports. Everything must be an interface of ours, or consist of types alone: the linker asks for no
/// definition of these.
pub(crate) fn imports(engine: &wasmtime::Engine, component: &Component) -> Result<Vec<Import>, LoadError> {
    let (mut imports, mut unknown) = (Vec::new(), Vec::new());
    let mut resources = Vec::new();
    for (name, item) in component.component_type().imports(engine) {
        match item.ty {
            ComponentItem::ComponentInstance(instance) if is_known(name) => {
                resources.extend(resources_of(engine, &instance).take(RESOURCES_MAX - resources.len()));
                imports.push(import(engine, name, &instance));
            }
            item if is_of_types(engine, &item, &resources) => {}
            _ => unknown.push(name.to_owned()),
        }
    }
    if unknown.is_empty() {
        return Ok(imports);
    }
    match unknown.iter().any(|name| is_wasi_0_3(name)) {
        true => Err(Refusal::Wasi03(Names::plain(unknown.iter().filter(|name| is_wasi_0_3(name)))).into()),
        false => Err(LoadError::UnknownImports(unknown)),
    }
}

/// Interfaces without a stable version, with the versions that tools import.
const DRAFTS: [(&str, &[&str]); 2] =
    [("wasi:config/store", &["0.2.0-draft", "0.2.0-rc.1"]), ("wasi:logging/logging", &["", "0.1.0-draft"])];

/// Whether shims define functions of an interface.
fn is_known(name: &str) -> bool {
    let (interface, version) = name.split_once('@').unwrap_or((name, ""));
    match DRAFTS.iter().find(|(draft, _)| *draft == interface) {
        Some((_, versions)) => versions.contains(&version),
        None => {
            version.starts_with("0.2.") && FUNCTIONS.iter().any(|function| function.interface == interface)
        }
    }
}

fn import(engine: &wasmtime::Engine, name: &str, instance: &ComponentInstance) -> Import {
    let (interface, _) = name.split_once('@').unwrap_or((name, ""));
    let functions =
        instance.exports(engine).filter(|(_, item)| matches!(item.ty, ComponentItem::ComponentFunc(_)));
    Import {
        name: name.to_owned(),
        capability: Capability::of_interface(interface),
        functions: functions.map(|(name, _)| name.trim_start_matches("[method]").to_owned()).collect(),
    }
}

fn resources_of<'a>(
    engine: &'a wasmtime::Engine,
    instance: &'a ComponentInstance,
) -> impl Iterator<Item = ResourceType> + 'a {
    instance.exports(engine).filter_map(|(_, item)| match item.ty {
        ComponentItem::Resource(resource) => Some(resource),
        _ => None,
    })
}

/// Whether an import is a type, or an instance of types alone. A resource counts if it is one of `resources` under
/// another name: nothing else defines it. An empty instance does not count: its interface may be anything.
fn is_of_types(engine: &wasmtime::Engine, item: &ComponentItem, resources: &[ResourceType]) -> bool {
    let is_type = |item: &ComponentItem| match item {
        ComponentItem::Type(_) => true,
        ComponentItem::Resource(resource) => resources.contains(resource),
        _ => false,
    };
    match item {
        ComponentItem::ComponentInstance(instance) => {
            instance.exports(engine).len() > 0 && instance.exports(engine).all(|(_, item)| is_type(&item.ty))
        }
        item => is_type(item),
    }
}
