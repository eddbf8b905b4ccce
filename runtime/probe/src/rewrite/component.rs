//! The component around the modules: one more import, handed to each of them, through nested components too.

use invar_trace::PROBE_FUNCTION as FUNCTION;
use wasm_encoder::{
    CanonicalFunctionSection, Component, ComponentAliasSection, ComponentExportKind, ComponentExportSection,
    ComponentImportSection, ComponentInstanceSection, ComponentTypeRef, ComponentTypeSection, ExportKind,
    InstanceSection, ModuleArg, NestedComponentSection, PrimitiveValType,
    reencode::{Error, Reencode, ReencodeComponent, component_utils},
};
use wasmparser::{
    ComponentAlias, ComponentAliasSectionReader, ComponentExport, ComponentExternalKind,
    ComponentImportSectionReader, ComponentInstance, ComponentOuterAliasKind, ComponentTypeRef as TypeRef,
    Instance, InstantiationArgKind, Parser,
};

use super::{
    InstrumentedComponent, Omission, Probes, RewriteError, module, names, overhead::Cost, sections::Context,
};
use crate::{
    Site,
    dormant::{Code, Shape},
};

type Failure = Error<std::convert::Infallible>;

/// Rewrites a valid component.
pub(super) fn rewrite(component: &[u8], probes: Probes) -> Result<InstrumentedComponent, RewriteError> {
    let failed = |error: Failure| RewriteError::Encoding(error.to_string());
    let import = names::free(component).map_err(|error| failed(Error::ParseError(error)))?;
    let mut rewriter = Rewriter::new(probes, import);
    let mut out = Component::new();
    rewriter.enter(&mut out);
    rewriter.parse_component(&mut out, Parser::new(0), component).map_err(failed)?;
    let cost = rewriter.leave();
    let Rewriter { sites, code, functions, mut left_out, modules, import, .. } = rewriter;
    for omission in left_out.iter_mut().filter(|omission| omission.function.is_none()) {
        omission.is_used = modules.get(omission.module as usize).is_some_and(|module| module.is_instantiated);
    }
    let overhead = cost.overhead(probes.gate, import);
    Ok(InstrumentedComponent { bytes: out.finish(), sites, code, functions, left_out, overhead })
}

/// Defines, before everything else, a type, the import, its lowering and an instance that exports it: one more
/// index in each of those spaces, for whatever comes after.
fn begin(out: &mut Component, import: &str) {
    let mut types = ComponentTypeSection::new();
    types
        .function()
        .params([
            ("site", PrimitiveValType::U32),
            ("left", PrimitiveValType::U64),
            ("right", PrimitiveValType::U64),
        ])
        .result(Some(PrimitiveValType::U64.into()));
    out.section(&types);
    let mut imports = ComponentImportSection::new();
    imports.import(import, ComponentTypeRef::Func(0));
    out.section(&imports);
    let mut canonical = CanonicalFunctionSection::new();
    canonical.lower(0, []);
    out.section(&canonical);
    let mut instances = InstanceSection::new();
    instances.export_items([(FUNCTION, ExportKind::Func, 0)]);
    out.section(&instances);
}

/// Definitions that [`begin`] puts before those of a component, in each index space that it touches.
const SHIFT: u32 = 1;
/// The core instance that exports the import, in each component that has it.
const PROBE_INSTANCE: u32 = 0;
/// The function that is the import.
const PROBE_FUNCTION: u32 = 0;

/// A module of any component.
#[derive(Debug, Clone, Copy, Default)]
struct ModuleInfo {
    /// With probes: what an instance of it costs.
    cost: Option<Cost>,
    is_instantiated: bool,
}

/// A list of definitions, with the index spaces that matter here.
#[derive(Debug)]
enum Scope {
    /// A component, which has the import.
    Component {
        /// Its modules, by their number among all; none: from elsewhere.
        modules: Vec<Option<usize>>,
        /// Its components: what an instance of each costs if it has the import.
        components: Vec<Option<Cost>>,
        /// What one instance of it costs.
        cost: Cost,
    },
    /// A type, whose index does not change.
    Type,
}

struct Rewriter {
    probes: Probes,
    import: String,
    scopes: Vec<Scope>,
    sites: Vec<Site>,
    code: Code,
    functions: usize,
    left_out: Vec<Omission>,
    /// All modules, in the order of the file.
    modules: Vec<ModuleInfo>,
}

impl Rewriter {
    fn new(probes: Probes, import: String) -> Self {
        Self {
            probes,
            import,
            scopes: Vec::new(),
            sites: Vec::new(),
            code: Code::default(),
            functions: 0,
            left_out: Vec::new(),
            modules: Vec::new(),
        }
    }

    /// Begins a component.
    fn enter(&mut self, out: &mut Component) {
        begin(out, &self.import);
        let (modules, components) = (Vec::new(), Vec::new());
        self.scopes.push(Scope::Component { modules, components, cost: Cost::default() });
    }

    /// Ends one: what an instance of it costs.
    fn leave(&mut self) -> Cost {
        match self.scopes.pop() {
            Some(Scope::Component { cost, .. }) => cost,
            _ => Cost::default(),
        }
    }

    fn shift(&self, index: u32) -> u32 {
        self.shift_outside(0, index)
    }

    /// The same in the scope that many scopes further out.
    fn shift_outside(&self, count: u32, index: u32) -> u32 {
        match self.scope(count) {
            Some(Scope::Component { .. }) => index.saturating_add(SHIFT),
            _ => index,
        }
    }

    fn scope(&self, count: u32) -> Option<&Scope> {
        self.scopes.iter().rev().nth(count as usize)
    }

    fn module_at(&self, count: u32, index: u32) -> Option<usize> {
        match self.scope(count)? {
            Scope::Component { modules, .. } => modules.get(index as usize).copied().flatten(),
            Scope::Type => None,
        }
    }

    fn component_at(&self, count: u32, index: u32) -> Option<Cost> {
        match self.scope(count)? {
            Scope::Component { components, .. } => components.get(index as usize).copied().flatten(),
            Scope::Type => None,
        }
    }

    fn define_module(&mut self, number: Option<usize>) {
        if let Some(Scope::Component { modules, .. }) = self.scopes.last_mut() {
            modules.push(number);
        }
    }

    fn define_component(&mut self, cost: Option<Cost>) {
        if let Some(Scope::Component { components, .. }) = self.scopes.last_mut() {
            components.push(cost);
        }
    }

    fn spend(&mut self, more: Cost) {
        if let Some(Scope::Component { cost, .. }) = self.scopes.last_mut() {
            cost.add(more);
        }
    }

    /// Takes note of what an alias defines.
    fn define_alias(&mut self, alias: &ComponentAlias<'_>) {
        match alias {
            ComponentAlias::Outer { kind: ComponentOuterAliasKind::CoreModule, count, index } => {
                self.define_module(self.module_at(*count, *index));
            }
            ComponentAlias::Outer { kind: ComponentOuterAliasKind::Component, count, index } => {
                self.define_component(self.component_at(*count, *index));
            }
            ComponentAlias::InstanceExport { kind: ComponentExternalKind::Module, .. } => {
                self.define_module(None)
            }
            ComponentAlias::InstanceExport { kind: ComponentExternalKind::Component, .. } => {
                self.define_component(None);
            }
            _ => {}
        }
    }

    /// A module of this component, with its probes or, if it cannot have them, as it is.
    fn module(&mut self, component: &mut Component, parser: &Parser, module: &[u8]) -> Result<(), Failure> {
        let number = self.modules.len();
        self.define_module(Some(number));
        self.modules.push(ModuleInfo::default());
        let shape = Shape::of(module).map_err(Error::ParseError)?;
        if shape.bodies == 0 {
            self.code.add_unwatched();
            return copy(component, module);
        }
        self.functions += shape.bodies as usize;
        self.code.add(module, parser.offset(), &shape).map_err(Error::ParseError)?;
        let (sites, left_out) = (self.sites.len(), self.left_out.len());
        let context = Context {
            number: u32::try_from(number).unwrap_or(u32::MAX),
            probes: self.probes,
            import: &self.import,
        };
        let file = (parser, module);
        let rewritten =
            module::rewrite(&context, file, &shape, &mut self.sites, &self.code, &mut self.left_out);
        match rewritten {
            Some(rewritten) => {
                component.section(&wasm_encoder::RawSection {
                    id: wasm_encoder::ComponentSectionId::CoreModule.into(),
                    data: &rewritten.bytes,
                });
                self.modules[number].cost = Some(Cost { memories: 1, memory_bytes: rewritten.memory_bytes });
                Ok(())
            }
            None => {
                let reaches_effects = self.code.has_effects(context.number);
                self.sites.truncate(sites);
                self.left_out.truncate(left_out);
                self.left_out.push(Omission {
                    module: context.number,
                    function: None,
                    functions: shape.bodies as usize,
                    entry: None,
                    reaches_effects,
                    is_used: false,
                });
                copy(component, module)
            }
        }
    }

    /// A nested component as it is: its modules are counted as left out.
    fn leave_alone(
        &mut self,
        component: &mut Component,
        parser: &Parser,
        data: &[u8],
    ) -> Result<(), Failure> {
        for payload in parser.clone().parse_all(data) {
            let wasmparser::Payload::ModuleSection { unchecked_range, .. } = payload? else { continue };
            let start = parser.offset();
            let at = |place: usize| place.saturating_sub(usize::try_from(start).unwrap_or(usize::MAX));
            let Some(module) = data.get(at(unchecked_range.start)..at(unchecked_range.end)) else { continue };
            let number = self.modules.len();
            self.modules.push(ModuleInfo { cost: None, is_instantiated: true });
            self.code.add_unwatched();
            let shape = Shape::of(module).map_err(Error::ParseError)?;
            if shape.bodies == 0 {
                continue;
            }
            self.functions += shape.bodies as usize;
            self.left_out.push(Omission {
                module: u32::try_from(number).unwrap_or(u32::MAX),
                function: None,
                functions: shape.bodies as usize,
                entry: None,
                reaches_effects: !shape.imports.is_empty(),
                is_used: true,
            });
        }
        component.section(&wasm_encoder::RawSection {
            id: wasm_encoder::ComponentSectionId::Component.into(),
            data,
        });
        Ok(())
    }
}

impl Reencode for Rewriter {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Failure> {
        Ok(self.shift(function))
    }
}

impl ReencodeComponent for Rewriter {
    fn component_type_index(&mut self, ty: u32) -> u32 {
        self.shift(ty)
    }

    fn component_func_index(&mut self, function: u32) -> u32 {
        self.shift(function)
    }

    fn instance_index(&mut self, instance: u32) -> u32 {
        self.shift(instance)
    }

    fn outer_component_type_index(&mut self, count: u32, ty: u32) -> u32 {
        self.shift_outside(count, ty)
    }

    fn push_depth(&mut self) {
        self.scopes.push(Scope::Type);
    }

    fn pop_depth(&mut self) {
        self.scopes.pop();
    }

    fn parse_component_import_section(
        &mut self,
        imports: &mut ComponentImportSection,
        section: ComponentImportSectionReader<'_>,
    ) -> Result<(), Failure> {
        for import in section {
            let import = import?;
            match import.ty {
                TypeRef::Module(_) => self.define_module(None),
                TypeRef::Component(_) => self.define_component(None),
                _ => {}
            }
            imports.import(import.name, self.component_type_ref(import.ty)?);
        }
        Ok(())
    }

    fn parse_component_alias_section(
        &mut self,
        aliases: &mut ComponentAliasSection,
        section: ComponentAliasSectionReader<'_>,
    ) -> Result<(), Failure> {
        for alias in section {
            let alias = alias?;
            self.define_alias(&alias);
            aliases.alias(self.component_alias(alias)?);
        }
        Ok(())
    }

    fn parse_component_export(
        &mut self,
        exports: &mut ComponentExportSection,
        export: ComponentExport<'_>,
    ) -> Result<(), Failure> {
        // An export is a definition: it has an index too.
        match export.kind {
            ComponentExternalKind::Module => self.define_module(self.module_at(0, export.index)),
            ComponentExternalKind::Component => self.define_component(self.component_at(0, export.index)),
            _ => {}
        }
        component_utils::parse_component_export(self, exports, export)
    }

    fn parse_component_submodule(
        &mut self,
        component: &mut Component,
        parser: Parser,
        module: &[u8],
    ) -> Result<(), Failure> {
        self.module(component, &parser, module)
    }

    fn parse_component_subcomponent(
        &mut self,
        component: &mut Component,
        parser: Parser,
        data: &[u8],
        whole: &[u8],
    ) -> Result<(), Failure> {
        if !self.probes.nested {
            self.define_component(None);
            return self.leave_alone(component, &parser, data);
        }
        let mut nested = Component::new();
        self.enter(&mut nested);
        component_utils::parse_component(self, &mut nested, parser, data, whole)?;
        let cost = self.leave();
        self.define_component(Some(cost));
        component.section(&NestedComponentSection(&nested));
        Ok(())
    }

    fn parse_component_instance(
        &mut self,
        instances: &mut ComponentInstanceSection,
        instance: ComponentInstance<'_>,
    ) -> Result<(), Failure> {
        let ComponentInstance::Instantiate { component_index, args } = &instance else {
            return component_utils::parse_component_instance(self, instances, instance);
        };
        let Some(cost) = self.component_at(0, *component_index) else {
            return component_utils::parse_component_instance(self, instances, instance);
        };
        self.spend(cost);
        let import = self.import.clone();
        let mut all: Vec<(&str, ComponentExportKind, u32)> = Vec::with_capacity(args.len() + 1);
        for arg in args {
            all.push((arg.name, arg.kind.into(), self.component_external_index(arg.kind, arg.index)));
        }
        all.push((&import, ComponentExportKind::Func, PROBE_FUNCTION));
        instances.instantiate(*component_index, all);
        Ok(())
    }

    fn parse_instance(
        &mut self,
        instances: &mut InstanceSection,
        instance: Instance<'_>,
    ) -> Result<(), Failure> {
        let Instance::Instantiate { module_index, args } = &instance else {
            return component_utils::parse_instance(self, instances, instance);
        };
        let number = self.module_at(0, *module_index);
        let cost = number.and_then(|number| {
            let module = self.modules.get_mut(number)?;
            module.is_instantiated = true;
            module.cost
        });
        let Some(cost) = cost else {
            return component_utils::parse_instance(self, instances, instance);
        };
        self.spend(cost);
        let import = self.import.clone();
        let mut all: Vec<(&str, ModuleArg)> = Vec::with_capacity(args.len() + 1);
        for arg in args {
            let InstantiationArgKind::Instance = arg.kind;
            all.push((arg.name, ModuleArg::Instance(self.instance_index(arg.index))));
        }
        all.push((&import, ModuleArg::Instance(PROBE_INSTANCE)));
        instances.instantiate(*module_index, all);
        Ok(())
    }
}

/// A module as it is.
fn copy(component: &mut Component, module: &[u8]) -> Result<(), Failure> {
    component.section(&wasm_encoder::RawSection {
        id: wasm_encoder::ComponentSectionId::CoreModule.into(),
        data: module,
    });
    Ok(())
}
