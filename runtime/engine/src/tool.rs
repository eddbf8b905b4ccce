//! Functions that a skill exports and that are called by their names.

use std::{collections::HashMap, sync::Arc};

use serde_json::{Map, Value as Json};
use wasmtime::component::{
    Component, ResourceType,
    types::{ComponentFunc, ComponentItem},
};

use crate::values::{
    Budget, ResourceName, Unsupported, ValueType, canonical, example_fields, object_schema, value_type,
};

/// What WASI defines: entry points of other kinds, and no tools.
const WASI: &str = "wasi:";
/// Functions of one component that can be called. Stops one that exports an interface of thousands under thousands of names.
const TOOLS_MAX: usize = 10_000;
/// Resources of one component whose handles can be passed. Stops one that exports thousands from being searched for each of
/// thousands of arguments.
const RESOURCES_MAX: usize = 256;

/// An exported function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tool {
    /// The exported interface that has it, with its version; none: the component itself.
    pub interface: Option<Arc<str>>,
    /// Its name there.
    pub function: String,
    /// What it takes and gives, or why it cannot be called.
    pub signature: Result<Signature, Unsupported>,
}

/// What a function takes and gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Its arguments, in order.
    pub params: Vec<(String, ValueType)>,
    /// Its result; none: it gives nothing.
    pub result: Option<ValueType>,
}

impl Signature {
    fn of(function: &ComponentFunc, budget: &mut Budget) -> Result<Self, Unsupported> {
        if function.async_() {
            return Err(Unsupported::Async);
        }
        let params =
            function.params().map(|(name, ty)| Ok((name.to_owned(), value_type(name, &ty, budget)?)));
        let params = params.collect::<Result<_, _>>()?;
        let result = function.results().next().map(|ty| value_type("its result", &ty, budget)).transpose()?;
        Ok(Self { params, result })
    }

    /// JSON Schema of the arguments: an object.
    #[must_use]
    pub fn input_schema(&self) -> Json {
        object_schema(&self.params)
    }

    /// JSON Schema of what it gives: of a `result`, what success has; null if there is nothing.
    #[must_use]
    pub fn output_schema(&self) -> Json {
        match &self.result {
            Some(ValueType::Result { ok: Some(ty), .. }) => ty.schema(),
            Some(ValueType::Result { ok: None, .. }) | None => serde_json::json!({ "type": "null" }),
            Some(ty) => ty.schema(),
        }
    }

    /// Whether it takes or gives handles of resources.
    #[must_use]
    pub fn has_handles(&self) -> bool {
        self.params.iter().map(|(_, ty)| ty).chain(&self.result).any(ValueType::has_handles)
    }

    /// Arguments that it would take.
    #[must_use]
    pub fn example(&self) -> Map<String, Json> {
        example_fields(&self.params)
    }
}

impl Tool {
    /// Every function that a component exports beside those of WASI, in order.
    pub(crate) fn all(engine: &wasmtime::Engine, component: &Component) -> Vec<Self> {
        let mut budget = Budget::new(resources(engine, component));
        let (mut tools, ty) = (Vec::new(), component.component_type());
        for (name, item) in ty.exports(engine).filter(|(name, _)| !name.starts_with(WASI)) {
            if tools.len() == TOOLS_MAX {
                break;
            }
            match item.ty {
                ComponentItem::ComponentFunc(function) => {
                    let signature = Signature::of(&function, &mut budget);
                    tools.push(Self { interface: None, function: name.to_owned(), signature });
                }
                ComponentItem::ComponentInstance(instance) => {
                    let interface: Arc<str> = name.into();
                    for (function, item) in instance.exports(engine).take(TOOLS_MAX - tools.len()) {
                        let ComponentItem::ComponentFunc(ty) = item.ty else { continue };
                        let signature = Signature::of(&ty, &mut budget);
                        let interface = Some(interface.clone());
                        tools.push(Self { interface, function: function.to_owned(), signature });
                    }
                }
                _ => {}
            }
        }
        tools
    }

    /// Its name in full: `acme:notes/graph@1.2.0.add`.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.interface {
            Some(interface) => format!("{interface}.{}", self.function),
            None => self.function.clone(),
        }
    }

    /// Its name as people write it: `graph.add`.
    #[must_use]
    pub fn short_name(&self) -> String {
        match &self.interface {
            Some(interface) => format!("{}.{}", short(interface), self.function),
            None => self.function.clone(),
        }
    }

    /// Whether a name can mean it: `add`, `graph.add`, `acme:notes/graph.add`, or in full.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        let Some(inside) = name.strip_suffix(self.function.as_str()) else { return false };
        match (inside.strip_suffix('.'), &self.interface) {
            (None, _) => inside.is_empty(),
            (Some(named), Some(interface)) => {
                let plain = interface.split('@').next().unwrap_or(interface);
                named == &**interface || named == plain || named == short(interface)
            }
            (Some(_), None) => false,
        }
    }

    /// Its name with arguments that it would take, as the command line takes them.
    #[must_use]
    pub fn example(&self, names: &CallNames) -> String {
        let example = self.signature.as_ref().map(|signature| Json::Object(signature.example()));
        let args = example.map_or_else(|_| "{}".to_owned(), |json| canonical(&json));
        let name = names.of(self);
        // `[method]graph.add` is a pattern to some shells.
        let name = if name.contains('[') { format!("'{name}'") } else { name };
        format!("--call {name} --args '{}'", args.replace('\'', "'\\''"))
    }
}

/// The names by which functions of one component are called: the short one, or in full where several have that.
#[derive(Debug)]
pub struct CallNames(HashMap<String, usize>);

impl CallNames {
    /// Of these functions.
    #[must_use]
    pub fn new(tools: &[Tool]) -> Self {
        let mut counts = HashMap::new();
        for tool in tools {
            *counts.entry(tool.short_name()).or_default() += 1;
        }
        Self(counts)
    }

    /// The name that means this function and no other.
    #[must_use]
    pub fn of(&self, tool: &Tool) -> String {
        let short = tool.short_name();
        match self.0.get(&short) {
            Some(2..) => tool.name(),
            _ => short,
        }
    }
}

/// The resources that a component exports, each under the first name that it has.
fn resources(engine: &wasmtime::Engine, component: &Component) -> Vec<(ResourceType, ResourceName)> {
    let (mut found, ty) = (Vec::new(), component.component_type());
    let mut add = |interface: Option<Arc<str>>, name: &str, ty: ResourceType| {
        if found.len() < RESOURCES_MAX && found.iter().all(|(known, _)| *known != ty) {
            found.push((ty, ResourceName { interface, name: name.into() }));
        }
    };
    for (name, item) in ty.exports(engine).filter(|(name, _)| !name.starts_with(WASI)).take(TOOLS_MAX) {
        match item.ty {
            ComponentItem::Resource(ty) => add(None, name, ty),
            ComponentItem::ComponentInstance(instance) => {
                let interface: Arc<str> = name.into();
                for (name, item) in instance.exports(engine).take(TOOLS_MAX) {
                    if let ComponentItem::Resource(ty) = item.ty {
                        add(Some(interface.clone()), name, ty);
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// `graph` of `acme:notes/graph@1.2.0`.
fn short(interface: &str) -> &str {
    let interface = interface.split('@').next().unwrap_or(interface);
    interface.rsplit('/').next().unwrap_or(interface)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Tool, Unsupported};

    fn tool(interface: Option<&str>, function: &str) -> Tool {
        let interface = interface.map(Arc::from);
        Tool { interface, function: function.into(), signature: Err(Unsupported::Async) }
    }

    #[test]
    fn a_function_is_named_by_any_form_of_its_name() {
        let graph = tool(Some("acme:notes/graph@1.2.0"), "add");
        assert_eq!(
            (graph.name().as_str(), graph.short_name().as_str()),
            ("acme:notes/graph@1.2.0.add", "graph.add")
        );
        for name in ["add", "graph.add", "acme:notes/graph.add", "acme:notes/graph@1.2.0.add"] {
            assert!(graph.is_named(name), "{name}");
        }
        for name in ["", ".add", "dd", "notes.add", "xadd", "graph.add.add", "graph", "acme:notes.add"] {
            assert!(!graph.is_named(name), "{name}");
        }
        assert!(tool(None, "add").is_named("add") && !tool(None, "add").is_named("graph.add"));
    }
}
