//! What a component exports: its entry point, or what it is without one.

use invar_trace::Entry;
use wasmtime::component::{
    Component, ComponentExportIndex,
    types::{ComponentItem, Type},
};

use crate::{error::LoadError, names::Names, refusal::Refusal, survey::is_wasi_0_3, tool::Tool};

/// The entry point of a command, of any version of WASI 0.2.
const RUN: &str = "wasi:cli/run@0.2.";
/// The entry point of a typed skill.
const INVOKE: &str = "invoke";
/// What a server exports, in any version of WASI.
const HANDLERS: [&str; 2] = ["wasi:http/incoming-handler@", "wasi:http/handler@"];

/// The entry point, and where it is; nowhere, if functions are called by their names.
pub(crate) fn entry(
    engine: &wasmtime::Engine,
    component: &Component,
    tools: &[Tool],
) -> Result<(Entry, Option<ComponentExportIndex>), LoadError> {
    let ty = component.component_type();
    let command = ty.exports(engine).find(|(name, _)| name.starts_with(RUN)).and_then(|(name, _)| {
        let instance = component.get_export_index(None, name)?;
        component.get_export_index(Some(&instance), "run")
    });
    if command.is_some() {
        return Ok((Entry::Command, command));
    }
    if let Some(ComponentItem::ComponentFunc(function)) = ty.get_export(engine, INVOKE).map(|item| item.ty) {
        let params: Vec<Type> = function.params().map(|(_, ty)| ty).collect();
        let results: Vec<Type> = function.results().collect();
        if is_bytes(&params) && is_bytes_or_text(&results) {
            return Ok((Entry::Invoke, component.get_export_index(None, INVOKE)));
        }
    }
    match tools.iter().any(|tool| tool.signature.is_ok()) {
        true => Ok((Entry::Tool, None)),
        false => Err(without_entry(engine, component, tools)),
    }
}

/// Whether a component is a server: it answers requests, and has no entry point.
///
/// # Errors
/// It is one.
pub(crate) fn check_server(engine: &wasmtime::Engine, component: &Component) -> Result<(), Refusal> {
    let ty = component.component_type();
    let names = || ty.exports(engine).map(|(name, _)| name);
    let is_entry = |name: &str| name.starts_with(RUN) || name == INVOKE;
    let is_handler = |name: &str| HANDLERS.iter().any(|handler| name.starts_with(handler));
    match names().any(is_handler) && !names().any(is_entry) {
        true => Err(Refusal::Server(Names::plain(names().filter(|name| is_handler(name))))),
        false => Ok(()),
    }
}

/// What a component without an entry point is.
fn without_entry(engine: &wasmtime::Engine, component: &Component, tools: &[Tool]) -> LoadError {
    let ty = component.component_type();
    let names = || ty.exports(engine).map(|(name, _)| name);
    if names().any(is_wasi_0_3) {
        return Refusal::Wasi03(Names::plain(names().filter(|name| is_wasi_0_3(name)))).into();
    }
    let why = |tool: &Tool| Some(format!("{} ({})", tool.short_name(), tool.signature.as_ref().err()?));
    match tools.is_empty() {
        true => LoadError::NoEntry(names().map(str::to_owned).collect()),
        false => Refusal::NotCallable(Names::long(tools.iter().filter_map(why))).into(),
    }
}

fn is_bytes(types: &[Type]) -> bool {
    matches!(types, [Type::List(list)] if list.ty() == Type::U8)
}

fn is_bytes_or_text(types: &[Type]) -> bool {
    match types {
        [Type::Result(result)] => {
            result.ok().is_some_and(|ok| is_bytes(&[ok])) && result.err() == Some(Type::String)
        }
        _ => false,
    }
}
